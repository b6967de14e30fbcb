use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// Works on all blocks with their numbers, on as many threads as there are; alone if there is only one.
pub(crate) fn for_each_block<Block: Send>(
    blocks: impl Iterator<Item = Block>,
    work: impl Fn(usize, Block) + Send + Sync,
) {
    let blocks: Vec<Block> = blocks.collect();
    if blocks.len() == 1 || rayon::current_num_threads() == 1 {
        blocks.into_iter().enumerate().for_each(|(index, block)| work(index, block));
    } else {
        blocks.into_par_iter().enumerate().for_each(|(index, block)| work(index, block));
    }
}
