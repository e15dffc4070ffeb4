/** The tests that a column can be filtered by. */

import type { FilterTest, TableColumn, TableFilter } from '../../kernel/protocol';

const WORDS: Record<FilterTest, string> = {
  contains: 'contains',
  equal: '=',
  notEqual: '≠',
  less: '<',
  lessOrEqual: '≤',
  greater: '>',
  greaterOrEqual: '≥',
  null: 'is null',
  notNull: 'is not null',
};

const NESTED = /^(array|map|struct|vector|binary)/;

/** The tests that make sense for a column, the likeliest first. */
export function testsFor({ numeric, dataType }: TableColumn): readonly { test: FilterTest; words: string }[] {
  const compare: FilterTest[] = ['equal', 'notEqual', 'less', 'lessOrEqual', 'greater', 'greaterOrEqual'];
  const tests: FilterTest[] = NESTED.test(dataType)
    ? ['notNull', 'null']
    : numeric || dataType !== 'string'
      ? [...compare, 'notNull', 'null']
      : ['contains', ...compare, 'notNull', 'null'];
  return tests.map((test) => ({ test, words: WORDS[test] }));
}

export function takesValue(test: FilterTest): boolean {
  return test !== 'null' && test !== 'notNull';
}

/** `age ≥ 30` */
export function filterWords(column: string, { test, value }: TableFilter): string {
  return takesValue(test) ? `${column} ${WORDS[test]} ${value}` : `${column} ${WORDS[test]}`;
}
