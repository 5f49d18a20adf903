// How React Flow draws one node and one edge of ours.
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, Handle, type NodeProps, Position } from '@xyflow/react'
import { createContext, memo, useContext } from 'react'
import { statusLook } from '../ui/status-legend.ts'
import { toneVariables } from '../ui/tokens.ts'
import { BranchFrame, ContainerFrame } from './container-frame.tsx'
import type { CardNode, DrawnFlowEdge } from './flow-parts.ts'
import { NodeCard } from './node-card.tsx'
import { roundedPath } from './path.ts'
import { useCard, useEdge } from './shown.ts'

export const PageContext = createContext<((run: string, key: string) => void) | undefined>(undefined)

function Handles({ data: { ports, portX } }: { data: CardNode['data'] }) {
  return (
    <>
      <Handle type="target" position={Position.Top} className="f-port f-port-in" isConnectable={false} />
      {ports.map((port) => (
        <Handle
          key={port}
          id={port}
          type="source"
          position={Position.Bottom}
          className={ports.length > 1 ? 'f-port' : 'f-port f-port-in'}
          style={{ left: portX[port] ?? '50%' }}
          isConnectable={false}
        />
      ))}
    </>
  )
}

/** Handles are costly, and stay as they are when what the card shows changes. */
const FixedHandles = memo(Handles)

function CardView({ id, data }: NodeProps<CardNode>) {
  const look = useCard(id)
  return (
    <>
      {look && <NodeCard {...look} />}
      <FixedHandles data={data} />
    </>
  )
}

function FrameView({ id, data }: NodeProps<CardNode>) {
  const look = useCard(id)
  const onPage = useContext(PageContext)
  return (
    <>
      {look && <ContainerFrame {...look} onPage={onPage} />}
      <FixedHandles data={data} />
    </>
  )
}

function BranchView({ id }: NodeProps<CardNode>) {
  const look = useCard(id)
  return look && <BranchFrame node={look.node} />
}

function EdgeView({ id, data }: EdgeProps<DrawnFlowEdge>) {
  const edge = useEdge(id)
  if (!data || !edge) return null
  const { points, label } = data
  const tone = edge.status ? toneVariables(statusLook(edge.status).tone) : undefined
  return (
    <>
      <BaseEdge id={id} path={roundedPath(points)} className={`f-edge f-edge-${edge.state}`} style={tone} />
      {edge.label !== undefined && label && (
        <EdgeLabelRenderer>
          <span
            className={`f-chip f-edge-label f-edge-label-${edge.state}`}
            style={{ ...tone, transform: `translate(${label.x}px, ${label.y}px)` }}
          >
            {edge.label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  )
}

export const nodeViews = { card: CardView, frame: FrameView, branch: BranchView }
export const edgeViews = { drawn: EdgeView }
