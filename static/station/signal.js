// What a scan sounds and feels like, so that nobody needs to look at the screen.
const TONES = {
  good: [[880, 0.12]],
  again: [
    [660, 0.1],
    [440, 0.16],
  ],
  bad: [[180, 0.35]],
};
const BUZZ = { good: [60], again: [60, 60, 60], bad: [300] };

let audio = null;

export function signal(kind) {
  navigator.vibrate?.(BUZZ[kind]);
  if (!window.AudioContext) return;
  audio ??= new AudioContext();
  let at = audio.currentTime;
  for (const [pitch, seconds] of TONES[kind]) {
    const [tone, loud] = [audio.createOscillator(), audio.createGain()];
    tone.frequency.value = pitch;
    loud.gain.value = 0.2;
    tone.connect(loud).connect(audio.destination);
    tone.start(at);
    tone.stop(at + seconds);
    at += seconds;
  }
}
