// Serves a built folder as a static host would: `node scripts/serve.mjs [--port N] [--base /path/] [--no-headers] [--no-service-worker] [FOLDER]`.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { isolation } from './headers.mjs';

/** @type {Record<string, string>} */
const types = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.ipynb': 'application/json',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

export function contentType(/** @type {string} */ path) {
  return types[extname(path)] ?? 'application/octet-stream';
}

/**
 * A server of `folder` under the path `base`.
 * @param {{ folder: string, base?: string, headers?: Record<string, string>, serviceWorker?: boolean }} options
 */
export function staticServer({ folder, base = '/', headers = {}, serviceWorker = true }) {
  return createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const inside = path.startsWith(base) ? normalize(path.slice(base.length)) : '..';
    let file = inside.startsWith('..') ? '' : join(folder, inside);
    if (file && existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
    if (!file || !existsSync(file) || (!serviceWorker && inside === 'service-worker.js')) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found\n');
      return;
    }
    response.writeHead(200, {
      'Content-Type': contentType(file),
      'Content-Length': statSync(file).size,
      // What carries its hash in its name never changes.
      'Cache-Control': /(^|\/)(assets|engine)\//.test(inside) ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    if (request.method === 'HEAD') response.end();
    else createReadStream(file).pipe(response);
  });
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '8081' },
      base: { type: 'string', default: '/' },
      'no-headers': { type: 'boolean', default: false },
      'no-service-worker': { type: 'boolean', default: false },
    },
  });
  const server = staticServer({
    folder: positionals[0] ?? 'dist',
    base: values.base,
    headers: values['no-headers'] ? {} : isolation,
    serviceWorker: !values['no-service-worker'],
  });
  server.listen(Number(values.port), () => console.log(`http://localhost:${values.port}${values.base}`));
}
