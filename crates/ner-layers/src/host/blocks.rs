use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// Works on all blocks with their numbers, on as many threads as there are; alone if there is only one.
pub(crate) fn for_each_block<Block: Send>(
    blocks: impl Iterator<Item = Block>,
    work: impl Fn(usize, Block) + Send + Sync,
) {
    for_each_block_with(blocks, |_: &mut (), index, block| work(index, block));
}

/// The same with room to work in, which one block leaves to the next as it is.
pub(crate) fn for_each_block_with<Block: Send, Room: Default>(
    blocks: impl Iterator<Item = Block>,
    work: impl Fn(&mut Room, usize, Block) + Send + Sync,
) {
    let blocks: Vec<Block> = blocks.collect();
    if blocks.len() == 1 || rayon::current_num_threads() == 1 {
        let mut room = Room::default();
        blocks.into_iter().enumerate().for_each(|(index, block)| work(&mut room, index, block));
    } else {
        let blocks = blocks.into_par_iter().enumerate();
        blocks.for_each_init(Room::default, |room, (index, block)| work(room, index, block));
    }
}
