import { CircleX, type LucideIcon, Pause, Play, RotateCw } from 'lucide-react'
import type { BulkAct } from './bulk-acts.ts'

export const actIcons: Record<BulkAct, LucideIcon> = {
  pause: Pause,
  resume: Play,
  retry: RotateCw,
  terminate: CircleX,
}
