/** How every graph of the console behaves: it is moved and zoomed; what is on it is ours to select, by keyboard too. */
export const onlyLookedAt = {
  minZoom: 0.1,
  maxZoom: 2,
  panOnScroll: true,
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  edgesFocusable: false,
  elementsSelectable: false,
  disableKeyboardA11y: true,
} as const
