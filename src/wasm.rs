//! What JavaScript sees: the kernel in its worker (`www/kernel/worker.ts`), and the page's own small build (`www/kernel/page.ts`).
//!
//! The kernel's messages and whole notebooks cross as JSON text, which is what they are when sent or saved; what the page asks of a chart
//! crosses as objects.

use wasm_bindgen::prelude::*;

// Exports `initThreadPool`.
#[cfg(feature = "threads")]
use wasm_bindgen_rayon as _;

/// Notes what a panic says where the worker looks when the trap that follows has ended the engine.
#[wasm_bindgen(start)]
fn listen_to_panics() {
    fn note(message: &str) {
        // A global object takes any property; and who panics can't do anything about it.
        let _ = js_sys::Reflect::set(&js_sys::global(), &JsValue::from_str("kindlingPanic"), &JsValue::from_str(message));
    }
    std::panic::set_hook(Box::new(|info| note(info.payload_as_str().unwrap_or_default())));
    std::alloc::set_alloc_error_hook(|_| note("memory allocation failed"));
}

#[cfg(feature = "page")]
mod page {
    use kindling_chart::{Chart, Style};
    use kindling_notebook::{Notebook, decode_link, encode_link, from_file, from_ipynb, to_ipynb};
    use serde::Serialize;
    use serde_json::{from_str, to_string};
    use serde_wasm_bindgen::{Serializer, from_value};
    use wasm_bindgen::prelude::*;
    use web_sys::HtmlCanvasElement;

    /// A chart ready to be drawn, hovered over and read as a table.
    #[wasm_bindgen]
    pub struct Drawing(Chart);

    #[wasm_bindgen]
    impl Drawing {
        #[wasm_bindgen(constructor)]
        pub fn new(chart: JsValue) -> Result<Self, JsError> {
            Ok(Self(from_value(chart)?))
        }

        pub fn draw(&self, canvas: HtmlCanvasElement, style: JsValue) -> Result<(), JsError> {
            let style = from_value::<Style>(style)?;
            kindling_chart::draw_on_canvas(&self.0, canvas, &style).map_err(|message| JsError::new(&message))
        }

        pub fn hover(&self, style: JsValue, x: f64, y: f64) -> Result<JsValue, JsError> {
            object(&kindling_chart::hover(&self.0, &from_value(style)?, x, y))
        }

        pub fn svg(&self, style: JsValue) -> Result<String, JsError> {
            Ok(kindling_chart::to_svg(&self.0, &from_value(style)?))
        }

        pub fn table(&self) -> Result<JsValue, JsError> {
            object(&self.0.table())
        }

        pub fn height(&self, width: u32) -> u32 {
            kindling_chart::preferred_height(&self.0, width)
        }
    }

    /// As the generated types of `www/kernel/protocol.ts` say it: plain objects, and null for nothing.
    fn object(value: &impl Serialize) -> Result<JsValue, JsError> {
        Ok(value.serialize(&Serializer::json_compatible())?)
    }

    #[wasm_bindgen(js_name = encodeLink)]
    pub fn encode(notebook: &str) -> Result<String, JsError> {
        Ok(encode_link(&from_str::<Notebook>(notebook)?))
    }

    #[wasm_bindgen(js_name = decodeLink)]
    pub fn decode(fragment: &str) -> Result<String, JsError> {
        told(decode_link(fragment))
    }

    #[wasm_bindgen(js_name = toIpynb)]
    pub fn write_ipynb(notebook: &str) -> Result<String, JsError> {
        Ok(to_ipynb(&from_str::<Notebook>(notebook)?))
    }

    #[wasm_bindgen(js_name = fromIpynb)]
    pub fn read_ipynb(text: &str) -> Result<String, JsError> {
        told(from_ipynb(text))
    }

    #[wasm_bindgen(js_name = fromFile)]
    pub fn read_file(name: &str, text: &str) -> Result<String, JsError> {
        told(from_file(name, text))
    }

    /// The notebook for the page, or the sentence for its reader.
    fn told(read: kindling_partition::Result<Notebook>) -> Result<String, JsError> {
        let notebook = read.map_err(|error| JsError::new(error.message()))?;
        Ok(to_string(&notebook)?)
    }
}

#[cfg(feature = "kernel")]
mod kernel {
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    use std::rc::Rc;
    use std::sync::Arc;

    use js_sys::{Error as JsException, Uint8Array};
    use kindling_frame::{FileEntry, FileStore, MemoryFiles, list_folder, plain_path};
    use kindling_kernel::protocol::{Event, Request};
    use kindling_kernel::{Outside, Session, Settings};
    use kindling_partition::{Error, ErrorKind, Result, ask_memory, free_memory, limit_memory, task_counters};
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        /// The worker around the kernel.
        pub type Host;
        #[wasm_bindgen(method)]
        fn emit(this: &Host, event: &str);
        #[wasm_bindgen(method, js_name = epochMillis)]
        fn epoch_millis(this: &Host) -> f64;
        #[wasm_bindgen(method, js_name = monotonicMillis)]
        fn monotonic_millis(this: &Host) -> f64;
        #[wasm_bindgen(method)]
        fn pause(this: &Host, millis: f64);
        #[wasm_bindgen(method, catch, js_name = readFile)]
        fn read_file(this: &Host, path: &str) -> std::result::Result<Option<Uint8Array>, JsValue>;
        #[wasm_bindgen(method, catch, js_name = readLibrary)]
        fn read_library(this: &Host, file: &str) -> std::result::Result<Option<Uint8Array>, JsValue>;
        #[wasm_bindgen(method, catch, js_name = writeFile)]
        fn write_file(this: &Host, path: &str, bytes: Uint8Array) -> std::result::Result<(), JsValue>;
        #[wasm_bindgen(method, catch, js_name = removeFile)]
        fn remove_file(this: &Host, path: &str, is_own: bool) -> std::result::Result<bool, JsValue>;
        #[wasm_bindgen(method, catch, js_name = forgetFile)]
        fn forget_file(this: &Host, path: &str) -> std::result::Result<(), JsValue>;
        #[wasm_bindgen(method, js_name = listFiles)]
        fn list_files(this: &Host) -> Vec<ListedFile>;

        pub type ListedFile;
        #[wasm_bindgen(method, getter)]
        fn path(this: &ListedFile) -> String;
        #[wasm_bindgen(method, getter)]
        fn size(this: &ListedFile) -> f64;

        #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
        fn fill_with_random(words: &js_sys::BigUint64Array);

        #[wasm_bindgen(js_namespace = performance, js_name = now)]
        fn millis_since_origin() -> f64;
        /// When this worker began: each of the pool's has its own.
        #[wasm_bindgen(thread_local_v2, js_namespace = performance, js_name = timeOrigin)]
        static ORIGIN: f64;

        #[wasm_bindgen(js_name = kindlingLoadPart)]
        fn load_part_now(part: u32);
    }

    /// Called by what `scripts/parts` leaves in the place of functions that this thread hasn't got yet; returns when it has them.
    #[wasm_bindgen(js_name = loadPart)]
    pub fn load_part(part: u32) {
        load_part_now(part);
    }

    /// Seconds on a clock that all workers share.
    fn clock() -> f64 {
        (ORIGIN.with(|origin| *origin) + millis_since_origin()) / 1e3
    }

    /// What the worker was granted (`www/kernel/worker.ts`), else what WebAssembly can have at most, less some room for errors to be told.
    fn memory_limit() -> u64 {
        const ROOM: u64 = 64 << 20;
        let granted = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("kindlingMemory")).ok();
        let granted = granted.and_then(|bytes| bytes.as_f64()).map_or(4 << 30, |bytes| bytes as u64);
        granted.saturating_sub(ROOM)
    }

    thread_local! {
        /// Set on the kernel's own thread; the pool's threads have no worker to ask.
        static HOST: RefCell<Option<Rc<Host>>> = const { RefCell::new(None) };
    }

    /// Where the Stop flag and the counters are in memory: see [`kindling_partition::TaskCounters`].
    #[wasm_bindgen(js_name = countersAddress)]
    pub fn counters_address() -> usize {
        std::ptr::from_ref(task_counters()) as usize
    }

    /// A session in a worker. Its events go to the host's `emit`, `ready` first.
    #[wasm_bindgen]
    pub struct Kernel {
        session: Session,
        files: Arc<WorkerFiles>,
    }

    #[wasm_bindgen]
    impl Kernel {
        /// On a pool of `threads`, which was started before.
        #[wasm_bindgen(constructor)]
        pub fn new(host: Host, threads: usize) -> Self {
            let host = Rc::new(host);
            HOST.set(Some(host.clone()));
            kindling_python::set_library(library);
            limit_memory(memory_limit());
            let files = Arc::new(WorkerFiles::default());
            let session = Session::new(Rc::new(Worker(host)), Settings { threads, clock: Some(clock), files: files.clone() });
            Self { session, files }
        }

        /// Does what a request asks, and returns when it is done.
        ///
        /// # Errors
        /// When the text is no request.
        pub fn handle(&mut self, request: &str) -> std::result::Result<(), JsError> {
            self.session.handle(serde_json::from_str::<Request>(request)?);
            Ok(())
        }

        /// A file that the page gives; says whether the engine took it, or the worker has to keep it until it is read.
        #[wasm_bindgen(js_name = putFile)]
        pub fn put_file(&self, path: &str, bytes: &Uint8Array) -> bool {
            self.files.offer(path, bytes)
        }

        /// A file that the page has removed.
        #[wasm_bindgen(js_name = removeFile)]
        pub fn remove_file(&self, path: &str) {
            // The worker may have had it.
            let _ = self.files.0.remove(path);
        }
    }

    /// A file of the Python library, which the worker fetches once.
    fn library(file: &str) -> Option<String> {
        let host = HOST.with_borrow(Clone::clone)?;
        let bytes = host.read_library(file).ok()??;
        String::from_utf8(bytes.to_vec()).ok()
    }

    struct Worker(Rc<Host>);

    impl Outside for Worker {
        fn emit(&self, event: Event) {
            // Every event can be written: its maps have text for keys.
            if let Ok(text) = serde_json::to_string(&event) {
                self.0.emit(&text);
            }
        }

        fn epoch_seconds(&self) -> f64 {
            self.0.epoch_millis() / 1000.0
        }

        fn monotonic_seconds(&self) -> f64 {
            self.0.monotonic_millis() / 1000.0
        }

        fn entropy(&self) -> u64 {
            let word = js_sys::BigUint64Array::new_with_length(1);
            fill_with_random(&word);
            word.get_index(0)
        }

        fn pause(&self, seconds: f64) {
            self.0.pause(seconds * 1000.0);
        }
    }

    /// A notebook's files. The engine owns those it has room for; the worker keeps the others, and fetches data sets, until they are read.
    #[derive(Default)]
    struct WorkerFiles(MemoryFiles);

    impl WorkerFiles {
        fn ask<T>(path: &str, question: impl FnOnce(&Host, &str) -> std::result::Result<T, JsValue>) -> Result<T> {
            let host = HOST.with_borrow(Clone::clone);
            let host = host.ok_or_else(|| Error::runtime(format!("{path} can't be reached from a thread of the pool.")))?;
            question(&host, plain_path(path)).map_err(|thrown| {
                let message = thrown.dyn_ref::<JsException>().map_or_else(|| format!("{thrown:?}"), |error| String::from(error.message()));
                Error::runtime(message)
            })
        }

        /// Takes a file that the page gives, unless it is large for the memory that is left: it may never be read.
        fn offer(&self, path: &str, bytes: &Uint8Array) -> bool {
            // The place of an older file, which the page has replaced either way.
            let _ = self.0.remove(path);
            let has_room = u64::from(bytes.length()) <= free_memory() / 4;
            has_room && self.0.write(path, bytes.to_vec()).is_ok()
        }
    }

    impl FileStore for WorkerFiles {
        fn read(&self, path: &str) -> Result<Arc<Vec<u8>>> {
            if let Ok(bytes) = self.0.read(path) {
                return Ok(bytes);
            }
            let bytes = Self::ask(path, |host, path| host.read_file(path))?.ok_or_else(|| not_found(path))?;
            ask_memory(&format!("Reading {path}"), u64::from(bytes.length()), "Remove files or frames that you don't need.")?;
            self.0.write(path, bytes.to_vec())?;
            Self::ask(path, |host, path| host.forget_file(path))?;
            self.0.read(path)
        }

        fn write(&self, path: &str, mut bytes: Vec<u8>) -> Result<()> {
            Self::ask(path, |host, path| host.write_file(path, Uint8Array::from(&bytes[..])))?;
            bytes.shrink_to_fit();
            self.0.write(path, bytes)
        }

        fn remove(&self, path: &str) -> Result<()> {
            let is_own = self.0.read(path).is_ok();
            if !Self::ask(path, |host, path| host.remove_file(path, is_own))? {
                return Err(not_found(path));
            }
            if is_own { self.0.remove(path) } else { Ok(()) }
        }

        fn list(&self, folder: &str) -> Result<Vec<FileEntry>> {
            let outside = Self::ask(folder, |host, _| Ok(host.list_files()))?;
            let mut files = outside.iter().map(|file| (file.path(), file.size() as u64)).collect::<BTreeMap<_, _>>();
            // Other hosts' files have addresses for paths, and are in no folder.
            files.extend(self.0.sizes().into_iter().filter(|(path, _)| path.starts_with('/')));
            list_folder(folder, files.iter().map(|(path, size)| (path.as_str(), *size)))
        }
    }

    fn not_found(path: &str) -> Error {
        Error::new(ErrorKind::FileNotFound, format!("Path does not exist: {path}")).with_condition("PATH_NOT_FOUND")
    }
}
