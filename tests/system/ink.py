"""How much of a canvas is drawn dark, as a curve on the paper of an ECG is."""

from playwright.sync_api import Locator

_DARK = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let at = 0; at < data.length; at += 4) ink += data[at + 3] > 0 && data[at] < 90 && data[at + 1] < 110;
  return ink;
}"""


def ink_on(canvas: Locator) -> int:
    """Its dark pixels."""
    return int(canvas.evaluate(_DARK))
