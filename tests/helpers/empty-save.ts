/** All that a save may bring besides the execution itself: nothing. */
export const emptySave = {
  runs: [],
  queue: [],
  unqueue: [],
  tasks: [],
  closeTasks: [],
  bindings: [],
  blobs: [],
  logs: [],
  acts: [],
}
