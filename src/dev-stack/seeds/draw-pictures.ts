import { type Colour, encodePng } from './encode-png.js';

const WIDTH = 720;
const HEIGHT = 480;

function mix(a: Colour, b: Colour, share: number): Colour {
  const at = Math.min(1, Math.max(0, share));
  return [a[0] + (b[0] - a[0]) * at, a[1] + (b[1] - a[1]) * at, a[2] + (b[2] - a[2]) * at];
}

/** Ridges one behind the other, paler the farther they are. */
function mist(x: number, y: number): Colour {
  for (let ridge = 5; ridge >= 1; ridge--) {
    const crest = 0.28 + 0.12 * ridge + 0.05 * Math.sin(x * (3 + 2 * ridge) + ridge * 1.7) + 0.02 * Math.sin(x * (11 + 5 * ridge) + ridge);
    if (y > crest) return mix(mix([0.09, 0.2, 0.24], [0.78, 0.84, 0.86], 1 - ridge / 5.5), [0.93, 0.94, 0.92], (y - crest) * 1.8);
  }
  return mix([0.96, 0.86, 0.74], [0.8, 0.87, 0.9], y * 2.2);
}

/** Waves that run over each other. */
function tide(x: number, y: number): Colour {
  const wave = Math.sin(y * 46 + 2.2 * Math.sin(x * 7) + 1.4 * Math.sin(x * 17 + y * 5));
  return mix(mix([0.02, 0.16, 0.33], [0.14, 0.52, 0.62], y), [0.95, 0.97, 0.93], wave > 0.86 ? (wave - 0.86) * 6 : 0);
}

/** A trunk, cut: its years as rings. */
function rings(x: number, y: number): Colour {
  const [across, down] = [(x - 0.48) * 1.5, y - 0.5];
  const angle = Math.atan2(down, across);
  const radius = Math.hypot(across, down) * (1 + 0.05 * Math.sin(3 * angle + 1) + 0.02 * Math.sin(7 * angle));
  if (radius > 0.43) return radius < 0.46 ? [0.25, 0.16, 0.1] : [0.9, 0.87, 0.81];
  return mix([0.83, 0.66, 0.44], [0.5, 0.31, 0.17], 0.5 + 0.5 * Math.sin(radius * 150 + 3 * Math.sin(radius * 9)));
}

/** Squares of a lattice, as in the window of a garden. */
function lattice(x: number, y: number): Colour {
  const [u, v] = [(x * 12) % 2, (y * 8) % 2];
  const isFrame = Math.min(u, v, 2 - u, 2 - v) < 0.12 || Math.abs(Math.abs(u - 1) + Math.abs(v - 1) - 0.6) < 0.09;
  return isFrame ? [0.29, 0.13, 0.09] : mix([0.55, 0.72, 0.5], [0.93, 0.9, 0.68], 0.5 + 0.5 * Math.sin(x * 5 + y * 3));
}

const DRAWINGS = { mist, tide, rings, lattice } as const;
export type Drawing = keyof typeof DRAWINGS;

/** A picture of our own, computed: nobody else's rights are in it. */
export function drawPicture(drawing: Drawing): Buffer {
  return encodePng(WIDTH, HEIGHT, DRAWINGS[drawing]);
}
