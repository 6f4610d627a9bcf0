//! The bodies of the fuzz targets, fed with their seeds and with what some plain damage makes of them.

#[cfg(test)]
#[path = "../fuzz/src/bodies.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets reach it from another crate")]
mod bodies;

#[cfg(test)]
mod seeds {
    use super::bodies;

    fn check(folder: &str, body: fn(&[u8])) {
        let folder = format!("{}/fuzz/seeds/{folder}", env!("CARGO_MANIFEST_DIR"));
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let seed = std::fs::read(entry.unwrap().path()).unwrap();
            count += 1;
            body(&seed);
            // Cut off, a byte gone, a byte doubled, a byte changed: at places spread over the text.
            for place in (0..seed.len()).step_by((seed.len() / 60).max(1)) {
                let (head, tail) = seed.split_at(place);
                body(head);
                body(&[head, &tail[1..]].concat());
                body(&[head, &tail[..1], tail].concat());
                for other in *b"\"*?${:,a\x00" {
                    body(&[head, &[other], &tail[1..]].concat());
                }
            }
        }
        assert!(count >= 4, "{count} seeds");
    }

    #[test]
    fn the_parser_takes_its_seeds_and_refuses_their_ruins() {
        check("parser", bodies::parser);
    }

    #[test]
    fn pairs_of_seeds_and_their_ruins_keep_the_laws() {
        check("pair", bodies::pair);
    }
}
