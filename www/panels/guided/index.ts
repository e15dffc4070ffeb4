/** The guided entries, in the order of the + menu. */

import { chart } from './chart';
import { crossValidate } from './crossValidate';
import type { Guide } from './guide';
import { loadData } from './load';
import { prepareFeatures } from './prepare';
import { train } from './train';

export const GUIDES: readonly Guide[] = [loadData, prepareFeatures, train, crossValidate, chart];
