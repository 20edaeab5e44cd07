"""`python -m dicom_gateway`: the gateway alone, with the settings of the environment."""

import logging

from dicom_gateway.process import run
from storage.settings import load_settings

if __name__ == "__main__":
    settings = load_settings()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    run(settings)
