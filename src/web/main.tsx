import './ui/base.css'
import './ui/frame.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isRefusal } from '../client/api-error.ts'
import { meQuery } from './data/queries.ts'
import { antdLocale, initLanguages } from './i18n/languages.ts'
import { useLanguage } from './i18n/use-language.ts'
import { createConsoleRouter } from './router.tsx'
import { ThemeProvider } from './ui/theme.tsx'

const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 2000, retry: (count, error) => !isRefusal(error) && count < 2 },
  },
})
const router = createConsoleRouter(queries)

function App() {
  return (
    <ThemeProvider locale={antdLocale(useLanguage())}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ThemeProvider>
  )
}

// Who I am and what the page is made of are asked for while the words are loaded.
void queries.prefetchQuery(meQuery)
void router.load()
await initLanguages()
const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
