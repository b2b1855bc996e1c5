/**
 * A camera for `live.glass_to_canvas`, as the hub starts one: the simulated camera's bytes go to standard output as they come, and its
 * H.264 pictures besides over WebRTC to whoever answers at the socket. What WebRTC carries is given away here, before the hub has it.
 *
 * `live-tee <socket> <mjpeg|h264> <program> <arguments of the camera>`
 */
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import {
  H264RtpPacketizer,
  PeerConnection,
  RtcpNackResponder,
  RtcpSrReporter,
  RtpPacketizationConfig,
  type Track,
  Video,
} from 'node-datachannel';
import { AnnexbSplitter } from '../../device/camera/process/annexb-split.ts';

/** One line of JSON each: the bench says `go`, gets the offer, and hands over the browser's answer. */
export type TeeSays = { readonly offer: string };
export type TeeHears = { readonly go: true } | { readonly answer: string };

const payloadType = 96;
const ssrc = 4711;
const clockRate = 90_000;
const maxPictureBytes = 126_000;

interface Sender {
  readonly pc: PeerConnection;
  /** Sends one access unit, from the first key picture after the connection on. */
  send(unit: { readonly key: boolean; readonly atMs: number; readonly data: Uint8Array }): void;
}

/** @param offered  the offer, once all candidates stand in it */
function openSender(offered: (sdp: string) => void): Sender {
  const pc = new PeerConnection('camera', { iceServers: [], bindAddress: '127.0.0.1' });
  const video = new Video('video', 'SendOnly');
  video.addH264Codec(payloadType, 'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1');
  video.addSSRC(ssrc, 'camera', 'camera', 'video');
  const track: Track = pc.addTrack(video);
  const rtp = new RtpPacketizationConfig(ssrc, 'camera', payloadType, clockRate);
  const packetizer = new H264RtpPacketizer('StartSequence', rtp);
  packetizer.addToChain(new RtcpSrReporter(rtp));
  packetizer.addToChain(new RtcpNackResponder());
  track.setMediaHandler(packetizer);
  pc.onGatheringStateChange((state) => {
    if (state === 'complete') offered(pc.localDescription()?.sdp ?? '');
  });
  pc.setLocalDescription();
  let hasKey = false;
  return {
    pc,
    send: ({ key, atMs, data }) => {
      if (!track.isOpen() || !(key || hasKey)) return;
      hasKey = true;
      rtp.timestamp = Math.round((atMs * clockRate) / 1000) >>> 0;
      track.sendMessageBinary(Buffer.from(data));
    },
  };
}

function film(program: string, args: readonly string[], out: (chunk: Buffer) => void, hasRaw: boolean): void {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit', hasRaw ? 3 : 'ignore'] });
  child.stdout?.on('data', out);
  child.on('exit', (code) => process.exit(code ?? 1));
}

function serve([socket, codec, program, ...args]: readonly string[]): void {
  const line = connect(socket!);
  line.on('error', () => process.exit(1));
  const say = (what: TeeSays): void => void line.write(`${JSON.stringify(what)}\n`);
  let sender: Sender | undefined;
  createInterface({ input: line }).on('line', (text) => {
    const heard = JSON.parse(text) as TeeHears;
    if ('answer' in heard) sender?.pc.setRemoteDescription(heard.answer, 'answer');
    else {
      sender?.pc.close();
      sender = openSender((offer) => say({ offer }));
    }
  });
  const splitter = new AnnexbSplitter(maxPictureBytes);
  const give = (chunk: Buffer): void => {
    for (const event of splitter.push(chunk, performance.now())) if (event.is === 'picture') sender?.send(event);
  };
  const toHub = (chunk: Buffer): void => void process.stdout.write(chunk);
  process.stdout.on('error', () => process.exit(0));
  if (codec === 'h264') {
    film(
      program!,
      [...args, '--raw', '--codec', 'h264'],
      (chunk) => {
        toHub(chunk);
        give(chunk);
      },
      true,
    );
  } else {
    film(program!, [...args, '--raw'], toHub, true);
    // WebRTC carries no JPEG: a second camera films the same scene for it.
    film(program!, [...args, '--codec', 'h264'], give, false);
  }
}

if (process.argv[2] === 'live-tee') serve(process.argv.slice(3));
