/// <reference types="vite/client" />

/** Each registers itself with the library. */
declare module 'cronstrue/locales/*'
