/** In the order they are offered: what is right for most papers first. */
import type { Filter } from '../../bindings/Filter';

export const filters: readonly Filter[] = ['colour', 'grey', 'black_and_white', 'original'];
