/** For commands that can do without a server: in whose name. */
export const asOption = ['--as <user>', 'without FERMATA_URL: as this user', 'admin'] as const
