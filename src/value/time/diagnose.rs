use super::*;
pub fn time(_t: &[u8], _z: &Zone) -> Box<Wrong> {
    todo!()
}
pub fn date(_t: &[u8], _z: &Zone) -> Box<Wrong> {
    todo!()
}
