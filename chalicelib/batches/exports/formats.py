"""Which sink an export has."""

from functools import partial

from chalicelib.batches.exports.columns import columns_of
from chalicelib.batches.exports.model import Export
from chalicelib.batches.exports.parquet import ParquetFile, packed
from chalicelib.batches.exports.sinks import Archive, Folders, OneFile, PictureFolder, Sink
from chalicelib.batches.exports.upload import Upload
from chalicelib.batches.exports.writers import Line, csv_header, csv_line, flat_json_line, json_line


def sink_of(export: Export, upload: Upload) -> Sink:
    """Return where the records of an export go."""
    spec, made_s = export.spec, export.made_ms / 1000
    columns = columns_of(spec.pictures)
    if spec.format == "zip":
        return PictureFolder(Archive(upload, made_s), columns, spec.pictures == "file")
    if spec.format == "parquet":
        if spec.partition == "none":
            return ParquetFile(upload, columns)
        pack = partial(packed, columns=columns)
        lines = flat_json_line(columns)
        return Folders(Archive(upload, made_s), lines, spec.format, packed=pack)
    line: Line = json_line
    header = b""
    if spec.format == "csv":
        line, header = csv_line(columns), csv_header(columns)
    if spec.partition == "none":
        return OneFile(upload, line, header)
    return Folders(Archive(upload, made_s), line, spec.format, header)
