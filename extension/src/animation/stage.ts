/**
 * What is seen of an animation: the drawing that stands still, and over it the bodies and the mark on
 * the curve, which are painted frame by frame.
 */
import {
  type AnimationDrawing,
  type AnimationFigure,
  BodiesPainter,
  curveMark,
  drawingSvg,
  liveDrawing,
  type Panel,
  type Shape,
} from "hotcell/figure";
import { blobOf, canvasOf, imageOf } from "../canvas.js";
import { canvasFor, paintShapes, sizeCanvas } from "../canvas-drawing.js";
import type { Look } from "../look.js";
import type { Exports } from "../views/frame.js";
import type { Playback } from "./playback.js";

/** More pixels than this to a CSS pixel are not seen in moving dots. */
const FINEST = 2;
/** So many bodies are painted coarsely as long as they move, lest they move jerkily. */
const MANY = 20_000;

/** The two canvases of an animation. */
export class Stage {
  readonly node = document.createElement("div");
  readonly #figure: AnimationFigure;
  readonly #playback: Playback;
  readonly #look: Look;
  readonly #ground: ReturnType<typeof canvasFor>;
  readonly #moving: ReturnType<typeof canvasFor>;
  #painter: BodiesPainter;
  #ratio: number;
  #drawing: AnimationDrawing;
  #shown: unknown[] = [];

  constructor(figure: AnimationFigure, playback: Playback, look: Look) {
    this.#figure = figure;
    this.#playback = playback;
    this.#look = look;
    this.#ratio = this.#wantedRatio;
    this.#drawing = this.#draw();
    this.#ground = canvasFor(this.#drawing, look.pixelRatio);
    this.#moving = canvasFor(this.#drawing, this.#ratio);
    this.#painter = new BodiesPainter(figure, this.space, this.#ratio);
    this.node.className = "hotcell-Stage";
    this.node.append(this.#ground.canvas, this.#moving.canvas);
  }

  /** Where space is. */
  get space(): Panel {
    return this.#drawing.spaces[0]!.panel;
  }

  get curve(): Panel | undefined {
    return this.#drawing.curve;
  }

  /** How space is seen, from its panel's upper left corner. */
  get projection() {
    return this.#drawing.spaces[0]!.projection;
  }

  /** Paints what has changed since the last time. */
  paint(): void {
    const { frame, viewpoint, trails } = this.#playback;
    const [lastFrame, lastTrails, lastViewpoint] = this.#shown;
    const isTurned = viewpoint !== lastViewpoint;
    const isFiner = this.#ratio !== this.#wantedRatio;
    if (!isTurned && !isFiner && frame === lastFrame && trails === lastTrails) return;
    if (isFiner) this.#refine();
    if (isTurned) this.#paintGround();
    this.#paintBodies();
    this.#paintMark();
    this.#shown = [frame, trails, viewpoint];
  }

  /** How many pixels bodies are painted with to a CSS pixel, a side. */
  get #wantedRatio(): number {
    const isCoarse = this.#playback.playing && this.#figure.bodies > MANY;
    return Math.min(this.#look.pixelRatio, isCoarse ? 1 : FINEST);
  }

  #refine(): void {
    this.#ratio = this.#wantedRatio;
    this.#painter = new BodiesPainter(this.#figure, this.space, this.#ratio);
    sizeCanvas(this.#moving, this.#drawing, this.#ratio);
  }

  /** The frame that is shown, as it would be saved. */
  get exports(): Exports {
    return {
      svg: (ground) => Promise.resolve(this.#svg(ground)),
      png: (ground, scale) => this.#png(ground, scale),
    };
  }

  /** The shapes of the frame, those that stand still and those that move. */
  #shapes(): Shape[] {
    const { curve } = this.#figure;
    const panel = this.curve;
    const index = this.#playback.frame;
    const mark =
      curve && panel ? curveMark(this.#figure, curve, panel, index, this.#look.theme) : [];
    return [...this.#drawing.shapes, ...mark];
  }

  /** The bodies of the frame, as fine as asked for. */
  #bodies(ratio: number): HTMLCanvasElement {
    const painter = new BodiesPainter(this.#figure, this.space, ratio);
    return canvasOf(painter.paint(this.#frame()));
  }

  #svg(ground: string): string {
    const { width, height } = this.#drawing;
    const paper: Shape = { shape: "box", left: 0, top: 0, width, height, color: ground };
    const shapes = [paper, ...this.#shapes()];
    const url = this.#bodies(FINEST).toDataURL();
    const image = { panel: this.space, url };
    return drawingSvg({ width, height, shapes }, [image], this.#look.font);
  }

  #png(ground: string, scale: number): Promise<Blob> {
    const { canvas, context } = canvasFor(this.#drawing, scale);
    context.fillStyle = ground;
    context.fillRect(0, 0, canvas.width, canvas.height);
    paintShapes(context, this.#shapes(), this.#look.font);
    const { left, top, width, height } = this.space;
    context.drawImage(this.#bodies(scale), left, top, width, height);
    return blobOf(canvas);
  }

  #frame() {
    const { frame, trails } = this.#playback;
    return { frame, trails, projection: this.projection, theme: this.#look.theme };
  }

  #draw(): AnimationDrawing {
    const { width, theme } = this.#look;
    return liveDrawing(this.#figure, { width, theme, viewpoint: this.#playback.viewpoint });
  }

  #paintGround(): void {
    this.#drawing = this.#draw();
    const { context } = this.#ground;
    const { width, height, shapes } = this.#drawing;
    context.clearRect(0, 0, width, height);
    paintShapes(context, shapes, this.#look.font);
  }

  #paintBodies(): void {
    const image = imageOf(this.#painter.paint(this.#frame()));
    const { left, top } = this.space;
    this.#moving.context.putImageData(
      image,
      Math.round(left * this.#ratio),
      Math.round(top * this.#ratio),
    );
  }

  #paintMark(): void {
    const { curve } = this.#figure;
    const panel = this.curve;
    if (!curve || !panel) return;
    const { context } = this.#moving;
    const edge = 6;
    context.clearRect(
      panel.left - edge,
      panel.top - edge,
      panel.width + 2 * edge,
      panel.height + 2 * edge,
    );
    const shapes = curveMark(this.#figure, curve, panel, this.#playback.frame, this.#look.theme);
    paintShapes(context, shapes, this.#look.font);
  }
}
