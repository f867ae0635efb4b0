// Reads QR codes from the camera or from a photo, by zxing on the device.
const WIDTH = 640;
const FRAME = 125; // milliseconds: eight frames a second
const OPTIONS = { formats: ["QRCode"], maxNumberOfSymbols: 1 };

let reader = null;

function load(script, wasm) {
  reader ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = script;
    tag.onload = () => {
      ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => wasm } });
      resolve(ZXingWASM);
    };
    tag.onerror = () => {
      reader = null;
      reject(new Error("the reader did not load"));
    };
    document.head.append(tag);
  });
  return reader;
}

export class Scanner {
  #assets;
  #canvas = document.createElement("canvas");
  #video;
  #stream = null;

  constructor(video, assets) {
    this.#video = video;
    this.#assets = assets;
  }

  get on() {
    return this.#stream !== null;
  }

  // Calls back with every text seen, as often as it is seen, until stopped.
  async start(seen) {
    const zxing = await load(this.#assets.reader, this.#assets.wasm);
    this.#stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 } },
    });
    this.#video.srcObject = this.#stream;
    await this.#video.play();
    this.#look(zxing, seen);
  }

  stop() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#video.srcObject = null;
  }

  async #look(zxing, seen) {
    while (this.#stream) {
      const began = performance.now();
      const { videoWidth: width, videoHeight: height } = this.#video;
      const text = width ? await this.#read(zxing, this.#video, width, height) : null;
      if (text !== null && this.#stream) seen(text);
      const rest = Math.max(0, FRAME - (performance.now() - began));
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }

  async #read(zxing, picture, width, height) {
    const scale = Math.min(1, WIDTH / width);
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const pen = this.#canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(picture, 0, 0, this.#canvas.width, this.#canvas.height);
    const pixels = pen.getImageData(0, 0, this.#canvas.width, this.#canvas.height);
    const [found] = await zxing.readBarcodes(pixels, OPTIONS);
    return found?.text || null;
  }

  // A photo taken with the phone's own camera; works where a page may not use the camera itself.
  async readPhoto(file) {
    const zxing = await load(this.#assets.reader, this.#assets.wasm);
    const [found] = await zxing.readBarcodes(file, OPTIONS);
    return found?.text || null;
  }
}
