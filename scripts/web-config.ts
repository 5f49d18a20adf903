// How Vite builds and serves the console; used by build-web.ts and `npx vite -c scripts/web-config.ts`.
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { Plugin, UserConfig } from 'vite'

export const repoDir = fileURLToPath(new URL('..', import.meta.url))
const api = process.env.FERMATA_API ?? 'http://127.0.0.1:7070'

/**
 * The form library names Ajv in a helper for its own tests. We validate without it: it makes code from text, which
 * the content security policy forbids.
 */
const withoutAjv: Plugin = {
  name: 'without-ajv',
  enforce: 'pre',
  resolveId: (id) => (id === '@rjsf/validator-ajv8' ? '\0no-ajv' : undefined),
  load: (id) => (id === '\0no-ajv' ? 'export default undefined' : undefined),
}

const webConfig: UserConfig = {
  root: `${repoDir}src/web`,
  base: '/',
  logLevel: 'warn',
  plugins: [withoutAjv, react()],
  build: {
    outDir: `${repoDir}dist/web`,
    emptyOutDir: true,
    target: 'es2022',
    // Everything is a file of our own origin: the content security policy allows no inline script.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
  server: { host: '127.0.0.1', proxy: { '/api': api, '/hooks': api, '/sign-in/link': api } },
}
export default webConfig
