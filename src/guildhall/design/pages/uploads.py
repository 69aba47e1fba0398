"""What a browser may send at once: a request with a file is refused before its first byte is kept."""

from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LARGEST_REQUEST = 30 * 1024 * 1024
"""Bytes: the largest file that any page asks for (a list of 25 MB), and room for the form around it."""


class NothingTooLarge(FileUploadHandler):
    """Stands before the handlers that keep files, and keeps none itself."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Refuse a request by its length, which the server holds it to.

        :raises RequestDataTooBig: it is larger than any page asks for.
        """
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig("the request is larger than any page asks for")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None
