/**
 * The score of a rubric in percent, in the same whole numbers as rubric.py: the weighted mean of
 * (level - 1) / 3, rounded half up to two decimals.
 *
 * @param {{weight: number, level: number}[]} judgements one for each criterion, all with a level
 * @returns {number} between 0 and 100
 */
export function rubricScore(judgements) {
    let points = 0;
    let weights = 0;
    for (const { weight, level } of judgements) {
        points += weight * (level - 1);
        weights += weight;
    }
    const whole = weights * 3;
    return Math.floor((2 * points * 10000 + whole) / (2 * whole)) / 100;
}
