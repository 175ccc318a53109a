import OlMap from 'ol/Map.js';
import View from 'ol/View.js';
import ScaleLine from 'ol/control/ScaleLine.js';
import DragPan from 'ol/interaction/DragPan.js';
import { defaults as interactions } from 'ol/interaction/defaults.js';
import Projection from 'ol/proj/Projection.js';
import { useContext, useEffect, useMemo, useRef, useState } from 'react';
import { layoutMap } from '@relight/diagram';
import { useApp, useSpeech } from '../app-context.ts';
import { PaneNumber } from '../panes/pane-head.tsx';
import { Mirror } from '../scene/mirror.tsx';
import { hostScene, REACH_PX, selectionAt } from '../scene/scene-host.ts';
import { sceneInput } from '../scene/scene-input.ts';
import { openGridBook } from '../store/grid-book.ts';
import { NetworkLayer } from './network-layer.ts';

/** Ground per CSS pixel in units of the layout, nearest and farthest. */
const RESOLUTION = { nearest: 0.05, farthest: 400 };

/** The network where it stands. No tiles are needed; the ground is empty. */
export function MapScene({ incident }: { readonly incident: string | null }) {
  const app = useApp();
  const { t } = useSpeech();
  const pane = useContext(PaneNumber);
  const box = useRef<HTMLDivElement>(null);
  const [layer, setLayer] = useState<NetworkLayer | null>(null);
  const layout = useMemo(() => layoutMap(app.book.file), [app.book]);
  const book = useMemo(
    () => (layout === null ? null : openGridBook(app.book.file, layout.diagram)),
    [app.book, layout],
  );

  useEffect(() => {
    const place = box.current;
    if (place === null || layout === null || book === null) return undefined;
    const { width, height } = layout.diagram;
    const made = new NetworkLayer(book, layout);
    const projection = new Projection({
      code: 'relight:plane',
      units: 'm',
      metersPerUnit: layout.metrePerUnit,
      extent: [0, -height, width, 0],
    });
    const view = new View({
      projection,
      center: [width / 2, -height / 2],
      resolution: 1,
      minResolution: RESOLUTION.nearest,
      maxResolution: RESOLUTION.farthest,
      enableRotation: false,
      constrainResolution: false,
      smoothResolutionConstraint: false,
    });
    const map = new OlMap({
      target: place,
      view,
      layers: [made],
      controls: [new ScaleLine({ minWidth: 90 })],
      // Its keys are those of the whole console, and nothing moves after the hand has left.
      interactions: interactions({ keyboard: false, dragPan: false }).extend([new DragPan()]),
    });
    const fit = (): void => view.fit([0, -height, width, 0], { padding: [24, 24, 24, 24] });
    const keys = {
      pan: (dx: number, dy: number): void => {
        const [x = 0, y = 0] = view.getCenter() ?? [];
        const resolution = view.getResolution() ?? 1;
        view.setCenter([x - dx * resolution, y + dy * resolution]);
      },
      zoom: (factor: number): void => view.setResolution((view.getResolution() ?? 1) / factor),
    };
    map.on('singleclick', (event) => {
      const [x = 0, y = 0] = event.coordinate;
      const reach = REACH_PX * (view.getResolution() ?? 1);
      app.ui.select(selectionAt(book, x, -y, reach, reach));
    });
    fit();
    const stopHost = hostScene(app, pane, place, {
      keys,
      show: () => {
        const { picture, options } = sceneInput(app, book, incident);
        made.show(picture, app.live.get(), options);
      },
      fit,
      zoomToWorking: () => view.setResolution(1),
      refreshTheme: () => made.refreshTheme(),
      drawNow: () => map.renderSync(),
      tick: () => made.changed(),
      placeOf: made.placeOf,
      centre: (id) => {
        const at = made.mapPlaceOf(id);
        if (at !== null) view.setCenter([at[0], -at[1]]);
      },
    });
    setLayer(made);
    return () => {
      stopHost();
      map.setTarget(undefined);
      map.dispose();
    };
  }, [app, book, incident, layout, pane]);

  if (layout === null) return <p className="empty-list">{t('map.none')}</p>;
  return (
    <div
      ref={box}
      className="scene map"
      role="application"
      aria-label={t('map.label')}
      tabIndex={0}
      data-testid="map"
    >
      <Mirror placeOf={layer?.placeOf ?? null} />
    </div>
  );
}
