import { mount } from 'svelte';
import App from './App.svelte';
import { assemble } from './boot';
import { createKernel } from './kernel/client';
import { page } from './kernel/page';
import { pageCodec } from './notebook/codec';
import { readLink } from './notebook/share';
import { Storage } from './notebook/storage';
import './styles/index.css';

// The engine loads while the notebook is read. Why it could not, the session says. What draws charts follows it: the first cell needs none.
const kernel = createKernel();
kernel
  .start()
  .then(page, () => {})
  .catch(() => {});
const storage = await Storage.open().catch(() => null);
const services = assemble({ kernel, codec: pageCodec(page), painter: page, storage });
await services.files.restore();
await services.library.open(await readLink(services.codec, location.hash));
mount(App, { target: document.getElementById('app') ?? document.body, props: { services } });
