/** A guided form's fields: made from the declarations of params, checked, and written as Python. */

import type { ParamInfo, ParamType } from '../../kernel/protocol';
import { isIdentifier } from '../../editor/names';
import { pythonList, pythonString } from './python';

export type Control =
  | { readonly type: 'text'; readonly placeholder?: string }
  /** A variable's name; the list offers what is there. */
  | { readonly type: 'name'; readonly suggestions?: readonly string[] }
  | { readonly type: 'boolean' }
  | {
      readonly type: 'number';
      readonly integer: boolean;
      readonly min: number | null;
      readonly max: number | null;
      readonly minExclusive: boolean;
      readonly maxExclusive: boolean;
    }
  | { readonly type: 'choice'; readonly options: readonly Option[] }
  | { readonly type: 'column' }
  | { readonly type: 'columns' }
  | { readonly type: 'texts' }
  | { readonly type: 'numbers' };

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly group?: string;
}

export interface Field {
  readonly key: string;
  readonly label: string;
  readonly help: string;
  readonly control: Control;
  readonly required: boolean;
  /** What stands in the field at first. */
  readonly initial: FieldValue;
  /** Kept behind "More". */
  readonly advanced: boolean;
}

/** Lists of columns are lists; everything else is what was typed. */
export type FieldValue = string | readonly string[];
export type Values = Readonly<Record<string, FieldValue>>;

/** The fields' values, with what a field starts with where nothing was entered. */
export function valuesOf(fields: readonly Field[], entered: Values): Values {
  return Object.fromEntries(fields.map((field) => [field.key, entered[field.key] ?? field.initial]));
}

export function text(values: Values, key: string): string {
  const value = values[key];
  return typeof value === 'string' ? value.trim() : '';
}

export function list(values: Values, key: string): readonly string[] {
  const value = values[key];
  return typeof value === 'string' ? splitList(value) : (value ?? []);
}

export function isOn(values: Values, key: string): boolean {
  return values[key] === 'True';
}

export function splitList(value: string): string[] {
  return value
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

// Fields by hand

type Basics = Partial<Pick<Field, 'help' | 'required' | 'initial' | 'advanced'>>;

export function field(key: string, label: string, control: Control, basics: Basics = {}): Field {
  const initial = control.type === 'columns' ? [] : control.type === 'boolean' ? 'False' : '';
  return { key, label, control, help: '', required: false, initial, advanced: false, ...basics };
}

export function choice(options: readonly string[]): Control {
  return { type: 'choice', options: options.map((value) => ({ value, label: value })) };
}

export function integer(min: number | null = null, max: number | null = null): Control {
  return { type: 'number', integer: true, min, max, minExclusive: false, maxExclusive: false };
}

// Fields from declarations

/** Params that most readers set; the others wait behind "More". */
const COMMON = new Set(
  (
    'featuresCol labelCol inputCol inputCols outputCol outputCols k maxIter regParam elasticNetParam maxDepth numTrees seed metricName ' +
    'strategy withMean withStd handleInvalid missingValue impurity family'
  ).split(' '),
);

/** A param's key in a form, told apart from the form's own fields. */
export const paramKey = (name: string): string => `param:${name}`;

/** The field for a param; none for a kind that no form can offer. */
export function paramField(param: ParamInfo): Field | null {
  const control = paramControl(param.value);
  if (!control) return null;
  return {
    key: paramKey(param.name),
    label: param.name,
    help: param.doc,
    control,
    // Spark asks for what is missing when the stage runs; a constructor takes any.
    required: false,
    initial: initialOf(param.default, control),
    advanced: !COMMON.has(param.name),
  };
}

function paramControl(value: ParamType): Control | null {
  switch (value.type) {
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
      return { type: 'number', integer: true, min: value.min, max: value.max, minExclusive: false, maxExclusive: false };
    case 'number':
      return { ...value, type: 'number', integer: false };
    case 'choice':
      return choice(value.options);
    case 'column':
      return { type: 'column' };
    case 'columns':
      return { type: 'columns' };
    case 'outputColumn':
    case 'text':
      return { type: 'text' };
    case 'outputColumns':
    case 'textList':
      return { type: 'texts' };
    case 'numberList':
      return { type: 'numbers' };
    case 'other':
      return null;
  }
}

/** A default as Python writes it, as the field shows it. */
function initialOf(python: string | null, control: Control): FieldValue {
  if (control.type === 'columns') return [];
  if (python === null || python === 'None') return control.type === 'boolean' ? 'False' : '';
  const quoted = /^(['"])(.*)\1$/.exec(python);
  if (quoted) return quoted[2] ?? '';
  const bracketed = /^[[(](.*)[\])]$/.exec(python);
  if (bracketed) return (bracketed[1] ?? '').replace(/['"]/g, '');
  return python;
}

// Checking

/** What is wrong with a value, for the reader; null when nothing is. */
export function problem(target: Field, value: FieldValue): string | null {
  const empty = typeof value === 'string' ? value.trim() === '' : value.length === 0;
  if (empty) return target.required ? 'This is needed.' : null;
  const { control } = target;
  if (control.type === 'name')
    return isIdentifier(String(value).trim()) ? null : 'A name has letters, digits and _, and starts with no digit.';
  if (control.type === 'number') return numberProblem(control, String(value).trim());
  if (control.type === 'numbers') {
    const wrong = splitList(String(value)).find((item) => !isNumber(item));
    return wrong === undefined ? null : `“${wrong}” is not a number.`;
  }
  return null;
}

function isNumber(written: string): boolean {
  return /^[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written);
}

function numberProblem(control: Extract<Control, { type: 'number' }>, written: string): string | null {
  const { integer: whole, min, max, minExclusive, maxExclusive } = control;
  if (!isNumber(written)) return whole ? 'A whole number, such as 10.' : 'A number, such as 0.1.';
  const value = Number(written.replaceAll('_', ''));
  if (whole && !Number.isInteger(value)) return 'A whole number, such as 10.';
  if (min !== null && (minExclusive ? value <= min : value < min)) return `It must be ${minExclusive ? 'more than' : 'at least'} ${min}.`;
  if (max !== null && (maxExclusive ? value >= max : value > max)) return `It must be ${maxExclusive ? 'less than' : 'at most'} ${max}.`;
  return null;
}

// Writing

/** A field's value as Python. */
export function fieldPython(target: Field, value: FieldValue): string {
  const { control } = target;
  switch (control.type) {
    case 'number':
    case 'boolean':
    case 'name':
      return String(value).trim();
    case 'columns':
    case 'texts':
      return pythonList((typeof value === 'string' ? splitList(value) : value).map(pythonString));
    case 'numbers':
      return pythonList(splitList(String(value)));
    default:
      return pythonString(String(value).trim());
  }
}

/** `name=value` for each param whose field was changed from what it starts with. */
export function paramArguments(params: readonly ParamInfo[], values: Values): string[] {
  return params.flatMap((param) => {
    const target = paramField(param);
    const value = target && values[target.key];
    if (!target || value === undefined || value === null) return [];
    const empty = typeof value === 'string' ? value.trim() === '' : value.length === 0;
    const same = typeof value === 'string' && value.trim() === target.initial;
    return empty || (same && !target.required) ? [] : [`${param.name}=${fieldPython(target, value)}`];
  });
}
