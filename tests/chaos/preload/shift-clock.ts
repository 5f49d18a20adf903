// Loaded before everything else into a child process (`node --import`): its clock is wrong by FERMATA_CLOCK_MS, and
// jumps by an hour, forth and back, at each SIGUSR2.
let shiftMs = Number(process.env.FERMATA_CLOCK_MS)
let jumpMs = 3_600_000
const { now } = Date
const RealDate = Date

Date.now = () => now() + shiftMs

// `new Date()` and `Date()` without arguments tell the time too.
globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now() + shiftMs).toString(),
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now() + shiftMs] : args, newTarget),
})

process.on('SIGUSR2', () => {
  shiftMs += jumpMs
  jumpMs = -jumpMs
})
