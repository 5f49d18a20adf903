// How Vite builds and serves the console; used by build-web.ts and `npx vite -c scripts/web-config.ts`.
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { UserConfig } from 'vite'

export const repoDir = fileURLToPath(new URL('..', import.meta.url))
const api = process.env.FERMATA_API ?? 'http://127.0.0.1:7070'

const webConfig: UserConfig = {
  root: `${repoDir}src/web`,
  base: '/',
  logLevel: 'warn',
  plugins: [react()],
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
