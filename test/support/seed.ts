/**
 * Every property test draws the same cases in every run, so that a change and not luck turns the suite red.
 * WHARF_TEST_SEED draws others: a number, or `random`.
 */
import fc from 'fast-check';

const seed = process.env['WHARF_TEST_SEED'] ?? '1';
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });
