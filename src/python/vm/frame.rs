//! Frames on the heap, and generators, which are frames put aside.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::class::PyInstance;
use crate::code::{Code, Op, Reg};
use crate::error::{PyError, PyResult};
use crate::function::PyFunction;
use crate::text::{Attrs, Name};
use crate::value::Value;
use crate::vm::{RECURSION_LIMIT, Vm};

/// What becomes of a frame's result.
pub(crate) enum Action {
    /// Back to the Rust code that started the run.
    Leave,
    /// Into a register of the calling frame.
    Store(Reg),
    /// It was `__init__`: the instance goes into a register of the calling frame.
    Init(Reg, Value),
    /// It is a generator in a `for` loop of the calling frame: its next value goes into the register, its end jumps.
    Next(Reg, u32),
}

pub struct Frame {
    pub(crate) code: Rc<Code>,
    pub(crate) pc: usize,
    pub(crate) regs: Vec<Value>,
    /// The names of a class body.
    pub(crate) namespace: Option<Rc<RefCell<Attrs>>>,
    pub(crate) action: Action,
    /// The generator this frame belongs to, while it runs.
    pub(crate) generator: Option<Rc<PyGenerator>>,
    /// The exception that was being handled when a generator was resumed.
    pub(crate) entered_with: Option<Rc<PyInstance>>,
    /// The exception a suspended generator was handling.
    pub(crate) suspended_with: Option<Rc<PyInstance>>,
}

/// A generator: the frame is here while it doesn't run.
pub struct PyGenerator {
    pub(crate) frame: RefCell<Option<Box<Frame>>>,
    pub(crate) running: Cell<bool>,
    pub(crate) started: Cell<bool>,
    pub name: Rc<str>,
    pub qualname: Rc<str>,
}

thread_local! {
    #[allow(clippy::vec_box)]
    /// Frames of generators that were dropped at a `yield` inside a `try` or `with`: their `finally` is owed.
    static DROPPED: RefCell<Vec<Box<Frame>>> = const { RefCell::new(Vec::new()) };
    static HAS_DROPPED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a generator was dropped whose `finally` blocks have not run.
#[inline(always)]
pub(crate) fn has_dropped_generators() -> bool {
    HAS_DROPPED.try_with(Cell::get).unwrap_or(false)
}

impl Drop for PyGenerator {
    fn drop(&mut self) {
        let Some(frame) = self.frame.get_mut().take() else { return };
        let at = frame.pc.saturating_sub(1) as u32;
        let owes = self.started.get() && frame.code.handlers.iter().any(|handler| handler.start <= at && at < handler.end);
        // In an inner generator of `yield from` it may be.
        let waits = matches!(frame.code.ops.get(frame.pc), Some(Op::YieldFrom { .. }));
        if owes || (waits && self.started.get()) {
            let _ = DROPPED.try_with(|dropped| {
                if let Ok(mut dropped) = dropped.try_borrow_mut()
                    && dropped.len() < 1000
                {
                    dropped.push(frame);
                    HAS_DROPPED.with(|flag| flag.set(true));
                }
            });
        }
    }
}

/// What a generator was resumed with.
pub(crate) enum Resume {
    Send(Value),
    Throw(PyError),
}

/// What came of running a frame.
pub(crate) enum Outcome {
    Returned(Value),
    Yielded(Value),
}

impl Vm {
    /// The frame of a cell or a module.
    pub(crate) fn module_frame(&mut self, code: &Rc<Code>) -> Box<Frame> {
        let mut frame = self.new_frame(code);
        frame.action = Action::Leave;
        frame
    }

    /// Forgets what an earlier cell may have left behind.
    pub(crate) fn reset(&mut self) {
        self.frames.clear();
        self.interrupts = 0;
        self.depth = 0;
        self.native_depth = 0;
        self.stack_base = super::stack_position();
        self.handled = None;
        self.in_repr.clear();
    }

    /// A frame with empty registers.
    #[inline(always)]
    pub(crate) fn new_frame(&mut self, code: &Rc<Code>) -> Box<Frame> {
        match self.free_frames.pop() {
            Some(mut frame) => {
                frame.code = code.clone();
                frame.pc = 0;
                if frame.regs.len() < code.registers as usize {
                    frame.regs.resize(code.registers as usize, Value::Unbound);
                }
                frame
            }
            None => Box::new(Frame {
                code: code.clone(),
                pc: 0,
                regs: vec![Value::Unbound; code.registers as usize],
                namespace: None,
                action: Action::Leave,
                generator: None,
                entered_with: None,
                suspended_with: None,
            }),
        }
    }

    /// Takes back a frame that is done.
    #[inline(always)]
    pub(crate) fn free_frame(&mut self, mut frame: Box<Frame>) {
        let used = frame.code.registers as usize;
        for value in frame.regs.iter_mut().take(used) {
            if value.is_simple() {
                // SAFETY: a value that holds no reference needs no drop. Measured: asking each one to drop took a tenth of a call.
                unsafe { std::ptr::write(value, Value::Unbound) };
            } else {
                *value = Value::Unbound;
            }
        }
        if self.free_frames.len() < 64 && frame.regs.len() <= 256 {
            frame.namespace = None;
            frame.generator = None;
            frame.entered_with = None;
            frame.suspended_with = None;
            self.free_frames.push(frame);
        }
    }

    /// One frame deeper. Errors: `RecursionError`.
    #[inline]
    pub(crate) fn enter_frame(&mut self) -> PyResult<()> {
        if self.depth >= RECURSION_LIMIT {
            return Err(self.recursion_error());
        }
        self.depth += 1;
        Ok(())
    }

    #[cold]
    pub(crate) fn recursion_error(&self) -> PyError {
        PyError::new("RecursionError", "maximum recursion depth exceeded")
    }

    /// The frame of a call of a Python function, arguments bound.
    pub(crate) fn frame_for(&mut self, function: &Rc<PyFunction>, args: crate::Args) -> PyResult<Box<Frame>> {
        let code = &function.code;
        let mut frame = self.new_frame(code);
        if args.keywords.is_empty() && code.has_simple_parameters() && args.positional.len() == code.positional_count as usize {
            for (slot, value) in frame.regs.iter_mut().zip(args.positional) {
                *slot = value;
            }
        } else {
            let bound = self.bind_arguments(function, args)?;
            for (slot, value) in frame.regs.iter_mut().zip(bound) {
                *slot = value;
            }
        }
        finish_frame(&mut frame, function);
        Ok(frame)
    }

    /// A new generator over a frame that has not begun.
    pub(crate) fn make_generator(&mut self, frame: Box<Frame>, function: &PyFunction) -> Value {
        let generator = PyGenerator {
            name: function.name.borrow().clone(),
            qualname: function.qualname.borrow().clone(),
            frame: RefCell::new(Some(frame)),
            running: Cell::new(false),
            started: Cell::new(false),
        };
        Value::Generator(Rc::new(generator))
    }

    /// Takes a generator's frame out to run it. `None` when the generator is finished.
    pub(crate) fn take_generator_frame(&mut self, generator: &Rc<PyGenerator>) -> PyResult<Option<Box<Frame>>> {
        if generator.running.get() {
            return Err(PyError::value_error("generator already executing"));
        }
        let Some(mut frame) = generator.frame.borrow_mut().take() else { return Ok(None) };
        generator.running.set(true);
        frame.generator = Some(generator.clone());
        frame.entered_with = self.handled.clone();
        if let Some(own) = frame.suspended_with.take() {
            self.handled = Some(own);
        }
        Ok(Some(frame))
    }

    /// Runs a generator to its next `yield` or its end. `None` when it was finished already.
    pub(crate) fn resume(&mut self, generator: &Rc<PyGenerator>, with: Resume) -> PyResult<Option<Outcome>> {
        let started = generator.started.get();
        if let Resume::Send(value) = &with
            && !started
            && !value.is_none()
            && generator.frame.borrow().is_some()
        {
            return Err(PyError::type_error("can't send non-None value to a just-started generator"));
        }
        let Some(mut frame) = self.take_generator_frame(generator)? else {
            return match with {
                Resume::Throw(error) => Err(error),
                Resume::Send(_) => Ok(None),
            };
        };
        generator.started.set(true);
        frame.action = Action::Leave;
        let mut thrown = None;
        match with {
            Resume::Send(value) => {
                if started {
                    receive(&mut frame, value);
                }
            }
            Resume::Throw(error) => thrown = Some(error),
        }
        // `throw` into a generator that waits in `yield from` goes to the inner one first.
        if let Some(error) = thrown.take() {
            let inner = match frame.code.ops.get(frame.pc) {
                Some(Op::YieldFrom { dst, iter, jump }) if started => Some((*dst, frame.regs[*iter as usize].clone(), *jump)),
                _ => None,
            };
            match inner {
                Some((dst, inner, jump)) => match self.throw_inner(&inner, error) {
                    Ok(Outcome::Yielded(value)) => {
                        let handled = self.handled.clone();
                        self.suspend(frame, handled);
                        return Ok(Some(Outcome::Yielded(value)));
                    }
                    Ok(Outcome::Returned(value)) => {
                        frame.regs[dst as usize] = value;
                        frame.pc = frame.code.jumps[jump as usize] as usize;
                    }
                    Err(error) => {
                        frame.pc += 1;
                        thrown = Some(error);
                    }
                },
                None => thrown = Some(error),
            }
        }
        self.run(frame, thrown).map(Some)
    }

    fn throw_inner(&mut self, inner: &Value, error: PyError) -> PyResult<Outcome> {
        if let Value::Generator(inner) = inner {
            return Ok(match self.resume(inner, Resume::Throw(error))? {
                Some(outcome) => outcome,
                None => Outcome::Returned(Value::None),
            });
        }
        let name = if error.is("GeneratorExit") { &self.n.close } else { &self.n.throw };
        match self.try_attr(inner, name)? {
            Some(method) if error.is("GeneratorExit") => {
                self.call(&method, crate::Args::none())?;
                Err(error)
            }
            Some(method) => match self.call(&method, crate::Args::new([error.value()])) {
                Ok(value) => Ok(Outcome::Yielded(value)),
                Err(stop) if stop.is("StopIteration") => Ok(Outcome::Returned(crate::types::exception::stop_value(&stop))),
                Err(error) => Err(error),
            },
            None => Err(error),
        }
    }

    /// Puts a generator's frame back after a `yield`.
    pub(crate) fn suspend(&mut self, mut frame: Box<Frame>, handled: Option<Rc<PyInstance>>) {
        let Some(generator) = frame.generator.take() else { return };
        let entered_with = frame.entered_with.take();
        let same = match (&handled, &entered_with) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        frame.suspended_with = if same { None } else { handled };
        self.handled = entered_with;
        generator.running.set(false);
        *generator.frame.borrow_mut() = Some(frame);
    }

    /// Runs what dropped generators owe, as if they were closed. Exceptions in it are lost, as in CPython.
    #[cold]
    pub(crate) fn close_dropped_generators(&mut self) {
        HAS_DROPPED.with(|flag| flag.set(false));
        let frames = DROPPED.with(RefCell::take);
        for frame in frames {
            let name: Rc<str> = frame.code.name.clone();
            let generator = Rc::new(PyGenerator {
                qualname: frame.code.qualname.clone(),
                name,
                frame: RefCell::new(Some(frame)),
                running: Cell::new(false),
                started: Cell::new(true),
            });
            let handled = self.handled.take();
            let _ = self.close_generator(&generator);
            self.handled = handled;
            // One that yields instead of ending is not asked again.
            generator.frame.take();
        }
    }

    /// `generator.close()`.
    pub(crate) fn close_generator(&mut self, generator: &Rc<PyGenerator>) -> PyResult<()> {
        if !generator.started.get() {
            let frame = generator.frame.borrow_mut().take();
            drop(frame);
            return Ok(());
        }
        let exit = PyError::of(&self.types.exception_named("GeneratorExit"), vec![]);
        match self.resume(generator, Resume::Throw(exit)) {
            Ok(Some(Outcome::Yielded(_))) => Err(PyError::new("RuntimeError", "generator ignored GeneratorExit")),
            Ok(_) => Ok(()),
            Err(error) if error.is("GeneratorExit") || error.is("StopIteration") => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Adds the registers after the parameters: other variables, cells of the closure.
#[inline(always)]
pub(crate) fn finish_frame(frame: &mut Frame, function: &PyFunction) {
    let code = &function.code;
    for (index, cell) in function.closure.iter().enumerate() {
        frame.regs[code.first_free as usize + index] = Value::Cell(cell.clone());
    }
}

/// Gives a suspended frame the value of its `yield`.
pub(crate) fn receive(frame: &mut Frame, value: Value) {
    match frame.code.ops.get(frame.pc) {
        Some(Op::YieldFrom { dst, .. }) => frame.regs[*dst as usize] = value,
        _ => {
            if let Some(Op::Yield { dst, .. }) = frame.pc.checked_sub(1).and_then(|pc| frame.code.ops.get(pc)) {
                frame.regs[*dst as usize] = value;
            }
        }
    }
}

impl Frame {
    /// The variables of a function's frame by name, for `locals()`.
    pub(crate) fn locals(&self) -> Vec<(Name, Value)> {
        let mut result = Vec::new();
        for (index, name) in self.code.variables.iter().enumerate() {
            let value = match &self.regs[index] {
                Value::Cell(cell) => cell.0.borrow().clone(),
                value => value.clone(),
            };
            if !value.is_unbound() && !name.starts_with('.') {
                result.push((name.clone(), value));
            }
        }
        result
    }
}
