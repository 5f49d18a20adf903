// How React Flow draws a record, a group of records and the link between two boxes.
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, Handle, type NodeProps, Position } from '@xyflow/react'
import type { Point } from '../canvas/elk-graph.ts'
import { roundedPath } from '../canvas/path.ts'
import { GroupCard } from './group-card.tsx'
import type { GroupFlowNode, LinkFlowEdge, RecordFlowNode } from './record-boxes.ts'
import { RecordCard } from './record-card.tsx'

function Ends() {
  return (
    <>
      <Handle type="target" position={Position.Left} className="f-port f-port-in" isConnectable={false} />
      <Handle type="source" position={Position.Right} className="f-port f-port-in" isConnectable={false} />
    </>
  )
}

function RecordView({ data }: NodeProps<RecordFlowNode>) {
  return (
    <>
      <RecordCard {...data} />
      <Ends />
    </>
  )
}

function GroupView({ data }: NodeProps<GroupFlowNode>) {
  return (
    <>
      <GroupCard {...data} />
      <Ends />
    </>
  )
}

/** The link comes to its box from above, not from the left. */
const isDown = (points: readonly Point[]): boolean => points.at(-1)?.x === points.at(-2)?.x

/** The relation is named at the links of the selected record only: elsewhere it would be said a hundred times. */
function LinkView({ id, data }: EdgeProps<LinkFlowEdge>) {
  if (!data) return null
  const { points, isNear, relations } = data
  const end = points.at(-1)
  return (
    <>
      <BaseEdge id={id} path={roundedPath(points)} className={`f-edge${isNear ? ' f-link-near' : ''}`} />
      {isNear && end && (
        <EdgeLabelRenderer>
          <span
            className="f-chip f-edge-label"
            style={{
              transform: `${isDown(points) ? 'translate(-50%, -140%)' : 'translate(-106%, -50%)'} translate(${end.x}px, ${end.y}px)`,
            }}
          >
            {relations}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  )
}

export const boxViews = { record: RecordView, 'group-box': GroupView }
export const linkViews = { link: LinkView }
