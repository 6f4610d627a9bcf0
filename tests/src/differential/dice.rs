//! Dice with a seed: the same throws on every run and every machine.

/// A small generator (`splitmix64`).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall as the seed says.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `sides`; zero where there are none.
    pub fn roll(&mut self, sides: usize) -> usize {
        let sides = u64::try_from(sides).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.throw() % sides).unwrap_or(0)
    }

    /// Once in so many throws.
    pub fn once_in(&mut self, throws: usize) -> bool {
        self.roll(throws) == 0
    }

    /// One of them; `None` of an empty list.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.roll(of.len()))
    }

    /// Between one and `most` of them, in no order, none twice.
    pub fn some<'a, T: PartialEq>(&mut self, of: &'a [T], most: usize) -> Vec<&'a T> {
        let mut found: Vec<&T> = Vec::new();
        for _ in 0..=self.roll(most) {
            if let Some(one) = self.one(of)
                && !found.contains(&one)
            {
                found.push(one);
            }
        }
        found
    }
}
