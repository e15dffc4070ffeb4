// Brings the engine's builds and the service worker's list of files into the page's build.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, unwatchFile, watchFile } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { contentType } from './serve.mjs';

const engineFolder = 'target/engine';
const manifestFile = join(engineFolder, 'manifest.json');
const virtual = 'virtual:kindling-engine';

/** The builds of the engine that are there: name → folder, size and first memory. */
export function engineManifest() {
  return existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, 'utf8')) : {};
}

/** All files below a folder, as paths with forward slashes relative to it. */
export function filesBelow(/** @type {string} */ folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.split(sep).join('/'))
    .sort();
}

/** @returns {import('vite').Plugin} */
export function engine() {
  let publicFolder = '';
  let policy = '';
  return {
    name: 'kindling-engine',

    configResolved(config) {
      publicFolder = config.publicDir;
    },

    resolveId: (id) => (id === virtual ? `\0${virtual}` : undefined),

    load(id) {
      if (id !== `\0${virtual}`) return undefined;
      const engine = Object.fromEntries(Object.entries(engineManifest()).map(([name, { folder, pages }]) => [name, { folder, pages }]));
      const folder = join(publicFolder, 'datasets');
      const datasets = filesBelow(folder).map((file) => [file, statSync(join(folder, file)).size]);
      return `export const engine = ${JSON.stringify(engine)};\nexport const datasets = ${JSON.stringify(datasets)};\n`;
    },

    configureServer(server) {
      // A fresh engine reaches the open page; the folders of a build are too many to watch.
      watchFile(manifestFile, { interval: 500, persistent: false }, () => {
        const module = server.moduleGraph.getModuleById(`\0${virtual}`);
        if (module) void server.reloadModule(module);
      });
      server.httpServer?.on('close', () => unwatchFile(manifestFile));
      server.middlewares.use('/engine/', (request, response, next) => {
        const path = join(engineFolder, decodeURIComponent((request.url ?? '').split('?')[0] ?? ''));
        if (relative(engineFolder, path).startsWith('..') || !existsSync(path) || !statSync(path).isFile()) return next();
        response.setHeader('Content-Type', contentType(path));
        for (const [name, value] of Object.entries(server.config.server.headers ?? {})) response.setHeader(name, value ?? '');
        response.end(readFileSync(path));
      });
    },

    transformIndexHtml: {
      order: 'pre',
      handler(html, context) {
        policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1] ?? '';
        if (!policy) throw new Error('index.html has no Content-Security-Policy');
        // Vite's own client puts styles into the page while developing.
        return context.server ? html.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") : html;
      },
    },

    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const parts = Object.entries(bundle).filter(([file]) => file !== 'service-worker.js');
        /** @type {Map<string, string | Uint8Array>} */
        const files = new Map(parts.map(([file, part]) => [file, part.type === 'chunk' ? part.code : part.source]));
        for (const file of filesBelow(publicFolder)) files.set(file, readFileSync(join(publicFolder, file)));
        for (const { folder } of Object.values(engineManifest())) {
          for (const file of filesBelow(join(engineFolder, folder))) {
            const [fileName, source] = [`engine/${folder}/${file}`, readFileSync(join(engineFolder, folder, file))];
            this.emitFile({ type: 'asset', fileName, source });
            files.set(fileName, source);
          }
        }
        const worker = bundle['service-worker.js'];
        if (worker?.type !== 'chunk') return;
        const hash = createHash('sha256').update(worker.code);
        for (const [file, source] of files) hash.update(file).update(source);
        worker.code = worker.code
          .replaceAll('__KINDLING_BUILD__', JSON.stringify(hash.digest('hex').slice(0, 16)))
          .replaceAll('__KINDLING_FILES__', JSON.stringify([...files.keys()]))
          .replaceAll('__KINDLING_POLICY__', JSON.stringify(policy));
      },
    },
  };
}
