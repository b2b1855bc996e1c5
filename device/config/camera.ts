/** The settings of a door's cameras: a program that writes pictures, or a serial camera for stills. */
import * as v from 'valibot';
import { commandOf, path, whole } from './shapes.ts';

/** A program that writes pictures to its standard output. */
export const ProcessCameraConfig = v.strictObject({
  kind: v.literal('process'),
  command: commandOf('Program and arguments, one string each; no shell reads them. Needs a restart.'),
  codec: v.pipe(
    v.picklist(['jpeg', 'h264']),
    v.title('Codec'),
    v.description('What it writes: `jpeg` for MJPEG, `h264` for H.264 Annex B. Needs a restart.'),
  ),
  width: whole('Width', 'Of the pictures, in pixels, as the command asks for them.', 640, 16, 4096),
  height: whole('Height', 'Of the pictures, in pixels, as the command asks for them.', 480, 16, 4096),
  raw: v.optional(
    v.pipe(
      v.strictObject({
        width: whole('Width of a raw frame', 'In pixels.', 160, 16, 1024),
        height: whole('Height of a raw frame', 'In pixels.', 120, 16, 1024),
      }),
      v.title('Raw output'),
      v.description('The command writes gray frames of this size to file descriptor 3, one byte a pixel.'),
    ),
  ),
  startMs: whole('Start time', 'How long the program may take to its first picture, ms.', 10_000, 500, 120_000),
});
export type ProcessCameraConfig = v.InferOutput<typeof ProcessCameraConfig>;

/** A VC0706 or VC0703 on a serial port. */
export const Vc0706CameraConfig = v.strictObject({
  kind: v.literal('vc0706'),
  port: path('Serial port', 'Path of the adapter. The camera has it for itself.'),
  baudRate: v.optional(
    v.pipe(
      v.picklist([9600, 19200, 38400, 57600, 115200]),
      v.title('Baud rate'),
      v.description('As the camera is set: 38400 or 115200 from the factory. Default 115200. Needs a restart.'),
    ),
    115200,
  ),
  size: v.optional(
    v.pipe(
      v.picklist(['160x120', '320x240', '640x480']),
      v.title('Size'),
      v.description('Of a still. A still of 640x480 takes 4 to 5 s at 115200 baud. Default 320x240. Needs a restart.'),
    ),
    '320x240',
  ),
  compression: whole('Compression', 'Higher means smaller stills of less quality.', 54, 0, 255),
});
export type Vc0706CameraConfig = v.InferOutput<typeof Vc0706CameraConfig>;

/** A camera of either kind. H.264 without a raw output is taken, but a frozen or looped picture is not noticed there. */
export const CameraConfig = v.variant('kind', [ProcessCameraConfig, Vc0706CameraConfig]);
export type CameraConfig = v.InferOutput<typeof CameraConfig>;
