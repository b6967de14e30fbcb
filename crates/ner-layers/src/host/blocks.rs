use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// Runs `work` on every block with its index, on all threads of rayon's pool, or on the caller's if a second one would have
/// nothing to do.
pub(crate) fn for_each_block<Block: Send>(
    blocks: impl Iterator<Item = Block>,
    work: impl Fn(usize, Block) + Send + Sync,
) {
    for_each_block_with(blocks, |_: &mut (), index, block| work(index, block));
}

/// The same with scratch memory. A block finds in it what the block before it on the same thread left there, and must not
/// depend on that.
pub fn for_each_block_with<Block: Send, Scratch: Default>(
    blocks: impl Iterator<Item = Block>,
    work: impl Fn(&mut Scratch, usize, Block) + Send + Sync,
) {
    // Rayon splits a list by its length, which an iterator of blocks does not tell.
    let blocks: Vec<Block> = blocks.collect();
    if blocks.len() == 1 || rayon::current_num_threads() == 1 {
        // Handing work to the pool wakes a thread up: not for one block, nor for a pool of one.
        let mut scratch = Scratch::default();
        blocks.into_iter().enumerate().for_each(|(index, block)| work(&mut scratch, index, block));
    } else {
        let blocks = blocks.into_par_iter().enumerate();
        blocks.for_each_init(Scratch::default, |scratch, (index, block)| work(scratch, index, block));
    }
}
