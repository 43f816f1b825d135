/** The mark of the address that a run's beginning has led to. */
export const BEGUN = 'run-begun';
