"""Question-shaped cloze pairs from raw text, so that the span head itself is pre-trained.

A sentence's noun phrase becomes the answer (`phrases`), the rest of the sentence, shortened and shuffled a little, the
question (`questions`), and a window of the article the passage (`pairs`). `korean` holds the grammar.

That hiding a recurring span teaches answering is Splinter's idea (Ram et al. 2021, "Few-Shot Question Answering by
Pretraining Span Selection"); that a question shaped like a real one teaches more than a mask is from Lewis et al. 2019,
"Unsupervised Question Answering by Cloze Translation".
"""
