// Icons of node types, by the name the server gives. A name that is not here gets the icon of its group.
import {
  Bell,
  Bot,
  Box,
  Boxes,
  Calculator,
  Check,
  CircleHelp,
  CircleStop,
  Clock,
  Cloud,
  Code,
  Copy,
  Database,
  Diff,
  FileCode,
  FileJson,
  FileOutput,
  FilePen,
  FilePlus,
  FileSearch,
  FileX,
  Flag,
  GitBranch,
  GitFork,
  Globe,
  Group,
  Hand,
  Hourglass,
  Layers,
  ListChecks,
  LogOut,
  type LucideIcon,
  Mail,
  MessageSquare,
  Octagon,
  Pencil,
  Repeat,
  Route,
  Search,
  Server,
  Shuffle,
  Signpost,
  Split,
  SquareTerminal,
  Table,
  Terminal,
  Timer,
  Trash,
  Upload,
  User,
  UserCheck,
  Variable,
  Workflow,
  Zap,
} from 'lucide-react'
import { groupTones, toneVariables } from '../ui/tokens.ts'

const icons: Record<string, LucideIcon> = {
  Bell,
  Bot,
  Box,
  Boxes,
  Calculator,
  Check,
  CircleHelp,
  CircleStop,
  Clock,
  Cloud,
  Code,
  Copy,
  Database,
  Diff,
  FileCode,
  FileJson,
  FileOutput,
  FilePen,
  FilePlus,
  FileSearch,
  FileX,
  Flag,
  GitBranch,
  GitFork,
  Globe,
  Group,
  Hand,
  Hourglass,
  Layers,
  ListChecks,
  LogOut,
  Mail,
  MessageSquare,
  Octagon,
  Pencil,
  Repeat,
  Route,
  Search,
  Server,
  Shuffle,
  Signpost,
  Split,
  SquareTerminal,
  Table,
  Terminal,
  Timer,
  Trash,
  Upload,
  User,
  UserCheck,
  Variable,
  Workflow,
  Zap,
}

const groupIcons: Record<string, LucideIcon> = {
  control: GitBranch,
  people: User,
  data: Database,
  remote: Server,
  compute: Code,
}

/** `square-terminal` → `SquareTerminal`; digits after a dash are dropped, as the renamed icons of lucide want. */
const pascal = (name: string): string =>
  name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
    .replace(/[0-9]+$/, '')

export function TypeIcon({ icon, group, size = 16 }: { icon: string; group: string; size?: number }) {
  const Icon = icons[pascal(icon)] ?? groupIcons[group] ?? CircleHelp
  return (
    <span className="f-type-icon" style={toneVariables(groupTones[group] ?? 'slate')}>
      <Icon size={size} aria-hidden />
    </span>
  )
}
