// How the embedded server is set for many short transactions on a machine it shares with the rest.

export const serverSettings: Readonly<Record<string, string>> = {
  // An acknowledged execution survives a power cut.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',

  max_connections: '100',
  shared_buffers: '128MB',
  effective_cache_size: '512MB',
  work_mem: '8MB',
  random_page_cost: '1.1',

  // Few checkpoints: after each, the first change of a page writes the whole page to the log.
  checkpoint_timeout: '15min',
  max_wal_size: '2GB',
  min_wal_size: '256MB',

  // The queue is a table whose rows live for milliseconds.
  autovacuum_naptime: '15s',
  autovacuum_vacuum_scale_factor: '0.1',
  autovacuum_analyze_scale_factor: '0.05',

  // Short statements gain nothing from these; containers with a small /dev/shm lose by parallel workers.
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  io_method: 'sync',
  update_process_title: 'off',
  track_io_timing: 'off',

  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
}
