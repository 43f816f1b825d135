import { useEffect, useRef } from 'react';
import { type Action, type ActionLayer, addLayer } from '../lib/actions';

/** Offers these actions to keys and help while the caller is on screen. */
export function useActions(actions: Action[], modal = false): void {
  const layer = useRef<ActionLayer>({ actions, modal });
  layer.current.actions = actions;
  useEffect(() => addLayer(layer.current), []);
}
