/**
 * Runs in the browser, before a page's own script: notes of every picture that is drawn on a canvas when it was taken - that stands in its
 * pixels - and when it could be read back from the canvas. Also the WebRTC side of the comparison. Bundled by `live-browser.ts`.
 */
import { picture, readStrip, strip } from '../../hardware-sim/camera/strip.ts';

interface Image {
  readonly data: Uint8ClampedArray;
}
interface Context {
  readonly canvas: Canvas;
  drawImage(image: unknown, x: number, y: number): void;
  getImageData(x: number, y: number, width: number, height: number): Image;
}
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d', options: object): Context;
}
interface VideoElement {
  muted: boolean;
  srcObject: unknown;
  play(): Promise<void>;
  requestVideoFrameCallback(drawn: () => void): void;
}
interface Receiver {
  jitterBufferTarget: number;
  readonly track: unknown;
}
interface Peer {
  ontrack: (event: { readonly receiver: Receiver; readonly streams: readonly unknown[] }) => void;
  onicegatheringstatechange: () => void;
  readonly iceGatheringState: string;
  readonly localDescription: { readonly sdp: string };
  close(): void;
  setRemoteDescription(of: { type: 'offer'; sdp: string }): Promise<void>;
  createAnswer(): Promise<object>;
  setLocalDescription(answer: object): Promise<void>;
}
interface FrameReader {
  read(): Promise<{ readonly done: boolean; readonly value: { close(): void } }>;
}
interface Browser {
  readonly CanvasRenderingContext2D: { readonly prototype: Context };
  readonly document: {
    createElement(name: 'canvas'): Canvas;
    createElement(name: 'video'): VideoElement;
    readonly body: { append(...what: readonly unknown[]): void };
  };
  readonly RTCPeerConnection: new () => Peer;
  readonly MediaStreamTrackProcessor: new (of: {
    readonly track: unknown;
  }) => { readonly readable: { getReader(): FrameReader } };
  takeShots: () => Shots;
  answerOffer: (offer: string, way: WebRtcWay) => Promise<string>;
}

/** Pictures in the order in which they were drawn, ms since 1970. */
export type Shots = [takenMs: number, drawnMs: number][];
/** As a video element presents them, or as the decoder gives them away. */
export type WebRtcWay = 'video' | 'track';

const browser = globalThis as unknown as Browser;
const { prototype } = browser.CanvasRenderingContext2D;
const draw = prototype.drawImage;
const rgba = new Uint8ClampedArray(picture.width * picture.height * 4);
let shots: Shots = [];
let peer: Peer | undefined;

browser.takeShots = () => {
  const taken = shots;
  shots = [];
  return taken;
};

prototype.drawImage = function (this: Context, ...args: [unknown, number, number]): void {
  draw.apply(this, args);
  const { width, height } = this.canvas;
  if (width !== picture.width || height !== picture.height) return;
  // Reading waits for the drawing: now the picture is on the canvas.
  const { data } = this.getImageData(0, strip.y, width, strip.cellHeight);
  const drawnMs = performance.timeOrigin + performance.now();
  rgba.set(data, strip.y * width * 4);
  const takenMs = readStrip(rgba, width, height);
  if (takenMs === undefined) return;
  shots.push([takenMs, drawnMs]);
};

function newCanvas(): Context {
  const canvas = browser.document.createElement('canvas');
  Object.assign(canvas, picture);
  browser.document.body.append(canvas);
  return canvas.getContext('2d', { alpha: false });
}

/** As a page usually shows it: each picture that the video element presents. */
async function showVideo(stream: unknown, context: Context): Promise<void> {
  const video = browser.document.createElement('video');
  Object.assign(video, { muted: true, srcObject: stream });
  browser.document.body.append(video);
  const next = (): void => {
    context.drawImage(video, 0, 0);
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
  await video.play();
}

/** The shortest way that Chromium has: each picture as the decoder gives it away, without an element. */
async function showTrack(track: unknown, context: Context): Promise<void> {
  const reader = new browser.MediaStreamTrackProcessor({ track }).readable.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    context.drawImage(value, 0, 0);
    value.close();
  }
}

/** Receives what is offered, with the smallest jitter buffer that can be asked for. @returns the answer with all its candidates */
browser.answerOffer = async (offer, way) => {
  peer?.close();
  const opened = new browser.RTCPeerConnection();
  peer = opened;
  const context = newCanvas();
  opened.ontrack = ({ receiver, streams }) => {
    receiver.jitterBufferTarget = 0;
    void (way === 'video' ? showVideo(streams[0], context) : showTrack(receiver.track, context));
  };
  await opened.setRemoteDescription({ type: 'offer', sdp: offer });
  const gathered = new Promise<void>((resolve) => {
    opened.onicegatheringstatechange = () => {
      if (opened.iceGatheringState === 'complete') resolve();
    };
  });
  await opened.setLocalDescription(await opened.createAnswer());
  await gathered;
  return opened.localDescription.sdp;
};
