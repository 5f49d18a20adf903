// Loaded before everything else into a child process (`node --import`): its clock is wrong by FERMATA_CLOCK_MS.
const shiftMs = Number(process.env.FERMATA_CLOCK_MS)
const { now } = Date
const RealDate = Date

Date.now = () => now() + shiftMs

// `new Date()` and `Date()` without arguments tell the time too.
globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now() + shiftMs).toString(),
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now() + shiftMs] : args, newTarget),
})
