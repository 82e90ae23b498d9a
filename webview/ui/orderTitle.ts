// Owns what the orders of examples are called. Must not know how they are made.
import type { OutcomeOrder } from '../../engine/domain/comparison';
import { t } from './t';

export function orderTitle(order: OutcomeOrder): string {
  if (order === 'ordinal') return t('File order');
  return order === 'drop' ? t('Largest drop first') : t('Least probable first');
}
