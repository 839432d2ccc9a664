//! Chance without chance: a small generator, seeded by a name, so that every run throws the same.
//!
//! Each kind has dice of its own; a row added to one kind leaves all others as they were.

/// A stream of numbers (`SplitMix64`).
pub struct Dice(u64);

impl Dice {
    /// The dice of a name: FNV-1a of its bytes is the seed.
    pub fn of(name: &str) -> Self {
        Self(name.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both possible.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.bits() % (high - low + 1) as u64) as i64
    }

    /// True in so many cases of a hundred.
    pub fn percent(&mut self, share: i64) -> bool {
        self.between(1, 100) <= share
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.between(0, of.len() as i64 - 1) as usize]
    }
}

/// Texts dealt like cards: none comes again before all have come.
pub struct Deck<'a, T> {
    cards: &'a [T],
    left: Vec<usize>,
}

impl<'a, T> Deck<'a, T> {
    /// A deck of these cards, shuffled whenever it is empty.
    pub fn new(cards: &'a [T]) -> Self {
        Self { cards, left: Vec::new() }
    }

    /// The next card.
    pub fn deal(&mut self, dice: &mut Dice) -> &'a T {
        if self.left.is_empty() {
            self.left = (0..self.cards.len()).collect();
        }
        let at = dice.between(0, self.left.len() as i64 - 1) as usize;
        &self.cards[self.left.swap_remove(at)]
    }
}
