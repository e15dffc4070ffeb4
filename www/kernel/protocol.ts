export type Scale = { kind: 'linear'; domain: [number, number] | null } | { kind: 'category'; names: string[] };
export type Axis = { label: string; unit: string | null; scale: Scale };
export type BoxStats = { low: number; q1: number; median: number; q3: number; high: number; outliers: number[] };
export type Layer =
  | { type: 'line'; name: string; x: number[]; y: number[] }
  | { type: 'bar'; name: string; values: (number | null)[] }
  | { type: 'scatter'; name: string; x: number[]; y: number[] };
export type Chart = { title: string | null; x: Axis; y: Axis; layers: Layer[]; summary: string };
export type ChartTable = { columns: string[]; rows: string[][] };
export type ReadOut = { lines: string[]; x: number; y: number };
export type Style = { width: number; height: number; devicePixelRatio: number; dark: boolean; font: string; background: [number, number, number] | null };
export type StreamName = 'stdout' | 'stderr';
export type CellStatus = 'ok' | 'error' | 'interrupted';
export type TableColumn = { name: string; dataType: string; numeric: boolean };
export type Table = { columns: TableColumn[]; rows: (string | null)[][]; truncated: boolean };
export type TracebackFrame = { cell: string; function: string; line: number; column: number; endLine: number; endColumn: number };
export type Traceback = { exception: string; message: string; text: string; frames: TracebackFrame[] };
export type Output =
  | { kind: 'text'; text: string }
  | { kind: 'table'; table: Table }
  | { kind: 'chart'; chart: Chart }
  | { kind: 'error'; traceback: Traceback };
export type CompletionKind = 'class' | 'function' | 'method' | 'property' | 'variable' | 'module' | 'keyword' | 'parameter' | 'column';
export type Completion = { label: string; kind: CompletionKind; detail: string; documentation: string };
export type Documentation = { signature: string; text: string };
export type ParamType =
  | { type: 'boolean' }
  | { type: 'integer'; min: number | null; max: number | null }
  | { type: 'number'; min: number | null; max: number | null; minExclusive: boolean; maxExclusive: boolean }
  | { type: 'choice'; options: string[] }
  | { type: 'column' }
  | { type: 'columns' }
  | { type: 'outputColumn' }
  | { type: 'outputColumns' }
  | { type: 'text' }
  | { type: 'textList' }
  | { type: 'numberList' }
  | { type: 'other' };
export type ParamInfo = { name: string; doc: string; value: ParamType; default: string | null };
export type StageInfo = { name: string; module: string; role: string; doc: string; params: ParamInfo[] };
export type Event =
  | { type: 'ready'; threads: number; stages: StageInfo[] }
  | { type: 'started'; cell: string; executionCount: number }
  | { type: 'stream'; cell: string; stream: StreamName; text: string }
  | { type: 'display'; cell: string; output: Output }
  | { type: 'progress'; cell: string; name: string; done: number; total: number }
  | { type: 'finished'; cell: string; status: CellStatus; millis: number }
  | { type: 'completions'; id: number; from: number; options: Completion[] }
  | { type: 'inspected'; id: number; documentation: Documentation | null }
  | { type: 'fileChanged'; path: string; removed: boolean };
export type Request =
  | { type: 'execute'; cell: string; source: string }
  | { type: 'complete'; id: number; source: string; cursor: number }
  | { type: 'inspect'; id: number; source: string; cursor: number }
  | { type: 'putFile'; path: string }
  | { type: 'removeFile'; path: string };
