"""Content-hashed static files."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedAssets(CompressedManifestStaticFilesStorage):
    """Names carry a hash of the content, so a browser may keep them for ever; a missing name fails when rendered."""

    max_post_process_passes = 3
