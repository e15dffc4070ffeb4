import { mount } from 'svelte';
import App from './App.svelte';
import { assemble } from './boot';
import './styles/index.css';
