//! Gzip (RFC 1952) of a text that is put together from parts, each of which is compressed by itself and so only once,
//! however often the text is put together anew. The parts are blocks of one deflate stream (RFC 1951), none of which
//! refers to another; their checksums are combined, as pigz does it.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::Write;
use std::mem;

/// Deflate, no name, no time, fastest, from no system in particular.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255];
/// An empty block, which is the last one.
const LAST_BLOCK: [u8; 2] = [3, 0];
/// A vector's `Write` never fails.
const TAKES_ALL: &str = "a vector takes what is written to it";

/// A compressed part of a text.
#[derive(Debug)]
pub(super) struct Part {
    bytes: Vec<u8>,
    crc: Crc,
}

impl Part {
    /// Compresses a part. It is made for speed: maps are read far more often than they are sent to slow networks.
    pub(super) fn new(text: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).expect(TAKES_ALL);
        // Ends the block at a whole byte, but not the stream.
        encoder.flush().expect(TAKES_ALL);
        Self { bytes: mem::take(encoder.get_mut()), crc: crc_of(text) }
    }
}

/// A text that is put together.
#[derive(Debug)]
pub(super) struct Gzip {
    bytes: Vec<u8>,
    crc: Crc,
}

impl Gzip {
    pub(super) fn new() -> Self {
        Self { bytes: HEAD.to_vec(), crc: Crc::new() }
    }

    /// Goes on with a part.
    pub(super) fn part(&mut self, part: &Part) {
        self.bytes.extend_from_slice(&part.bytes);
        self.crc.combine(&part.crc);
    }

    /// Goes on with a text too short to be compressed.
    pub(super) fn stored(&mut self, text: &[u8]) {
        for piece in text.chunks(usize::from(u16::MAX)) {
            let length = u16::try_from(piece.len()).unwrap_or(u16::MAX);
            self.bytes.push(0);
            self.bytes.extend_from_slice(&length.to_le_bytes());
            self.bytes.extend_from_slice(&(!length).to_le_bytes());
            self.bytes.extend_from_slice(piece);
        }
        self.crc.combine(&crc_of(text));
    }

    /// The whole text.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.extend_from_slice(&LAST_BLOCK);
        self.bytes.extend_from_slice(&self.crc.sum().to_le_bytes());
        self.bytes.extend_from_slice(&self.crc.amount().to_le_bytes());
        self.bytes
    }
}

fn crc_of(text: &[u8]) -> Crc {
    let mut crc = Crc::new();
    crc.update(text);
    crc
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::io::Read;

    proptest! {
        #[test]
        fn parts_and_stored_texts_come_back_as_one_text(
            texts in vec((any::<bool>(), vec(any::<u8>(), 0..2_000)), 0..12),
        ) {
            let mut gzip = Gzip::new();
            for (is_part, text) in &texts {
                if *is_part { gzip.part(&Part::new(text)) } else { gzip.stored(text) }
            }
            let mut back = Vec::new();
            GzDecoder::new(&gzip.finish()[..]).read_to_end(&mut back).unwrap();
            let whole: Vec<u8> = texts.into_iter().flat_map(|(_, text)| text).collect();
            prop_assert_eq!(back, whole);
        }
    }

    #[test]
    fn a_long_text_is_stored_in_several_blocks() {
        let text = vec![7; 200_000];
        let mut gzip = Gzip::new();
        gzip.stored(&text);
        let mut back = Vec::new();
        GzDecoder::new(&gzip.finish()[..]).read_to_end(&mut back).unwrap();
        assert_eq!(back, text);
    }
}
