"""Amazon Web Services: what EventBridge is asked."""

import logging

# At DEBUG botocore logs what it signs and sends: session tokens, access keys and signatures.
logging.getLogger("botocore").setLevel(logging.WARNING)
